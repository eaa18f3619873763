package io.roomcast.faults;

import io.roomcast.load.LedgerLoad;
import io.roomcast.load.LedgerOptions;
import io.roomcast.testing.RedisProcess;
import java.util.List;

/** No fault at all, for long: the ledger finds nothing, and the load is held. */
final class SteadyFaults {
  private SteadyFaults() {}

  static void oneNode(FaultRun run) throws Exception {
    ServerNode node = run.alone("");
    LedgerLoad load =
        run.load(List.of(node), run.size(50, 200), run.size(10, 50), run.size(500, 400));
    steady(run, load, run.size(2, 150));
  }

  static void threeNodes(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    List<ServerNode> nodes =
        List.of(run.node(redis.port()), run.node(redis.port()), run.node(redis.port()));
    LedgerLoad load = run.load(nodes, run.size(30, 200), run.size(12, 45), run.size(300, 300));
    steady(run, load, run.size(2, 150));
  }

  static void manyPublishers(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    List<ServerNode> nodes =
        List.of(run.node(redis.port()), run.node(redis.port()), run.node(redis.port()));
    for (ServerNode node : nodes) {
      node.awaitReady();
    }
    // Fifty to a room: one without a log, and one with.
    LedgerLoad load =
        run.load(
            LedgerOptions.of(
                    FaultRun.urls(nodes), 2, run.size(15, 30), 100, run.size(500, 400), run.seed())
                .halfLogged(FaultRun.KEPT, true));
    steady(run, load, run.size(3, 60));
    load.close();
    try (Repeats repeats = new Repeats(run, nodes)) {
      repeats.overNodes(run.size(10, 200));
      repeats.overADeath(run.size(2, 20));
    }
  }

  private static void steady(FaultRun run, LedgerLoad load, int seconds) throws Exception {
    run.hold(seconds);
    LedgerLoad.Counts counts = load.counts();
    run.require(counts.broken() == 0, "no connection is lost: " + load.lastTrouble());
    run.require(counts.gaps() == 0, "no gap is told");
    run.require(counts.failed() + counts.skipped() == 0, "every publish is taken");
    run.judgeLogged(load);
  }
}
