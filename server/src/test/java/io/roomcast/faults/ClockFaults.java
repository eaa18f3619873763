package io.roomcast.faults;

import io.roomcast.load.LedgerLoad;
import io.roomcast.testing.RedisProcess;
import java.io.IOException;
import java.util.List;

/** Nodes whose clocks jump: nobody is cut off, nothing expires, nothing is lost. */
final class ClockFaults {
  private static final int HOUR = 3600;

  private ClockFaults() {}

  static void jumped(FaultRun run) throws Exception {
    ClockShift clock = run.clock();
    RedisProcess redis = run.redis();
    ServerNode shifted = run.node(clock.shell(), redis.port());
    ServerNode right = run.node(redis.port());
    ServerNode alone = run.alone(clock.shell());
    alone.awaitReady();
    LedgerLoad load = run.loadHalfLogged(List.of(shifted, right), 20, run.size(8, 50), 300);
    List<Witness> witnesses =
        List.of(new Witness(run, shifted, right), new Witness(run, alone, alone));
    int all = 20 * run.size(8, 50);
    for (int jump : new int[] {HOUR, -HOUR}) {
      LedgerLoad.Counts before = load.counts();
      run.fault("a node's clock, and that of one that stands alone, is wrong by " + jump + " s");
      clock.set(jump);
      // The full form waits longer than a connection may be silent.
      run.hold(run.size(2, 40));
      run.awaitCaughtUp("go on", load, 10);
      LedgerLoad.Counts after = load.counts();
      run.require(after.broken() == before.broken(), "nobody is cut off: " + load.lastTrouble());
      run.require(after.gaps() == before.gaps(), "no gap is told");
      run.require(after.failed() == before.failed(), "every publish is taken");
      load.cut(all);
      run.await("all back", 15, () -> load.counts().joined() == all);
      for (Witness witness : witnesses) {
        witness.look(jump);
      }
    }
    run.judgeLogged(load);
  }

  /** A member that comes back after each jump, and reads the time in messages. */
  private static final class Witness {
    private static final String ROOM = FaultRun.KEPT + "clock";
    private static final long DIFFERENCE = 60_000;

    private final FaultRun run;
    private final ServerNode node;
    private final ServerNode other;
    private String epoch = "";
    private long offset;

    Witness(FaultRun run, ServerNode node, ServerNode other) throws IOException {
      this.run = run;
      this.node = node;
      this.other = other;
      look(0);
    }

    /** What was published before the jump is there, and what is published now has the new time. */
    void look(int jump) throws IOException {
      try (Caller publisher = Caller.at(node)) {
        try (Caller member = Caller.at(other)) {
          back(member);
          publish(publisher);
          String now = expect(member.hear());
          long wrong = Caller.number(now, "time") - System.currentTimeMillis();
          run.require(
              Math.abs(wrong - jump * 1000L) < DIFFERENCE, "it jumped by " + jump + " s: " + now);
        }
        // To be missed, until after the next jump.
        publish(publisher);
      }
    }

    private void back(Caller member) throws IOException {
      if (epoch.isEmpty()) {
        member.join(ROOM, "");
        epoch = Caller.epoch(member.hear());
      } else {
        member.join(ROOM, ",\"since\":{\"epoch\":\"" + epoch + "\",\"offset\":" + offset + "}");
        String reply = member.hear();
        run.require(reply.contains("\"recovered\":true"), "the log is as it was: " + reply);
        expect(member.hear());
      }
    }

    private static void publish(Caller publisher) throws IOException {
      publisher.publish(ROOM, 1, 1, "");
      publisher.flush();
      publisher.hear();
    }

    private String expect(String message) {
      offset++;
      run.require(Caller.number(message, "offset") == offset, "each once: " + message);
      return message;
    }
  }
}
