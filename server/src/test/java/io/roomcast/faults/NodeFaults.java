package io.roomcast.faults;

import io.roomcast.load.LedgerLoad;
import io.roomcast.load.LedgerOptions;
import io.roomcast.testing.RedisProcess;
import java.util.ArrayList;
import java.util.List;

/** A node dies, is told to end, or freezes; its clients go to the others. */
final class NodeFaults {
  /** Beyond the time in which clients are sent away, until a node has ended. */
  private static final int END_SECONDS = 6;

  private NodeFaults() {}

  private static List<ServerNode> nodes(FaultRun run, int number) {
    RedisProcess redis = run.redis();
    List<ServerNode> out = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      out.add(run.node(redis.port(), "--drain", "" + drain(run)));
    }
    return out;
  }

  private static int drain(FaultRun run) {
    return run.size(1, 3);
  }

  private static LedgerLoad load(FaultRun run, List<ServerNode> nodes) throws Exception {
    return run.loadHalfLogged(nodes, run.size(20, 200), run.size(12, 30), run.size(300, 400));
  }

  static void killed(FaultRun run) throws Exception {
    List<ServerNode> nodes = nodes(run, 3);
    LedgerLoad load = load(run, nodes);
    for (int i = 0; i < run.size(1, 6); i++) {
      ServerNode victim = nodes.get(i % nodes.size());
      long before = load.counts().broken();
      run.fault("node " + i % nodes.size() + " kill -9");
      double began = run.seconds();
      victim.kill9();
      run.await("noticed", 5, () -> load.counts().broken() > before);
      joined(run, load, began, 0.99, 15);
      joined(run, load, began, 1, 30);
      run.awaitCaughtUp("recovered", load, 10);
      victim.restart();
      run.event("node is back");
      run.hold(1);
    }
    run.judgeLogged(load);
  }

  /** Waits for a part of the members; the time counts from {@code began}, seconds of the run. */
  private static void joined(
      FaultRun run, LedgerLoad load, double began, double part, int atMostSeconds)
      throws InterruptedException {
    boolean in = load.awaitJoined(part, run.atMost(atMostSeconds)).isPresent();
    run.require(in, part + " of the members are back within " + atMostSeconds + " s");
    run.most(part == 1 ? "all_back_ms" : "99_%_back_ms", (run.seconds() - began) * 1000);
  }

  static void drained(FaultRun run) throws Exception {
    List<ServerNode> nodes = nodes(run, 2);
    LedgerLoad load = load(run, nodes);
    LedgerLoad.Counts before = load.counts();
    run.fault("SIGTERM");
    int code = nodes.getFirst().terminate(run.atMost(drain(run) + END_SECONDS));
    run.event("exit code " + code);
    run.require(code == 0, "it ends in time, with 0: " + code);
    joined(run, load, run.seconds(), 1, 15);
    run.awaitCaughtUp("recovered", load, 10);
    run.require(
        load.counts().broken() > before.broken(), "its clients were sent away, and came elsewhere");
    run.judgeLogged(load);
  }

  static void rolled(FaultRun run) throws Exception {
    List<ServerNode> nodes = nodes(run, 3);
    LedgerLoad load = load(run, nodes);
    for (int round = 0; round < run.size(1, 5); round++) {
      for (ServerNode node : nodes) {
        run.fault("SIGTERM, round " + round);
        int code = node.terminate(run.atMost(drain(run) + END_SECONDS));
        run.require(code == 0, "a node ends in time, with 0: " + code);
        node.restart();
        run.event("started again");
        joined(run, load, run.seconds(), 1, 15);
        run.awaitCaughtUp("recovered", load, 10);
      }
    }
    run.judgeLogged(load);
  }

  static void frozen(FaultRun run) throws Exception {
    List<ServerNode> nodes = nodes(run, 2);
    for (ServerNode node : nodes) {
      node.awaitReady();
    }
    int silence = run.size(2, 8);
    LedgerOptions options =
        LedgerOptions.of(
                FaultRun.urls(nodes),
                run.size(20, 200),
                run.size(8, 20),
                4,
                run.size(300, 400),
                run.seed())
            .halfLogged(FaultRun.KEPT, true)
            .silence(silence * 1000);
    LedgerLoad load = run.load(options);
    for (int i = 0; i < run.size(1, 3); i++) {
      ServerNode victim = nodes.get(i % 2);
      run.fault("node frozen for " + (silence + run.size(2, 12)) + " s");
      victim.freeze(true);
      run.hold(silence + run.size(2, 12));
      victim.freeze(false);
      run.event("node goes on");
      joined(run, load, run.seconds(), 1, 20);
      run.awaitCaughtUp("recovered", load, 15);
    }
    run.judgeLogged(load);
  }
}
