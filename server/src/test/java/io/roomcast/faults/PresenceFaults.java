package io.roomcast.faults;

import io.roomcast.testing.RedisProcess;
import java.util.List;

/** Who is here, while tabs come and go, nodes die and Redis forgets. */
final class PresenceFaults {
  /** From a node's death, or Redis' loss, to when every node knows exactly who is here. */
  private static final double TRUE_AGAIN = 15;

  private PresenceFaults() {}

  static void truth(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    String rule = "here:* presence=2s";
    List<ServerNode> nodes =
        List.of(
            run.node(redis.port(), "--rule", rule),
            run.node(redis.port(), "--rule", rule),
            run.node(redis.port(), "--rule", rule));
    for (ServerNode node : nodes) {
      node.awaitReady();
    }
    try (PresenceCrowd crowd =
        new PresenceCrowd(nodes, run.size(4, 20), run.size(24, 1000), 3, run.random)) {
      run.held(crowd.toString());
      crowd.watch();
      crowd.enter();
      run.await("all there", 60, crowd::isTrue);
      crowd.check(run);
      for (int i = 0; i < run.size(1, 5); i++) {
        churn(run, crowd);
        ServerNode victim = nodes.get(2 - i % 2);
        run.fault("node kill -9");
        victim.kill9();
        crowd.lost(victim);
        run.await("ghosts gone", TRUE_AGAIN, crowd::isTrue);
        crowd.check(run);
        if (run.isFull()) {
          victim.restart();
          crowd.back(victim);
          run.event("node is back");
        }
      }
      run.fault("FLUSHALL");
      redis.call("FLUSHALL");
      run.await("said again", TRUE_AGAIN, crowd::isTrue);
      crowd.check(run);
      for (int i = 0; run.isFull() && i < 5; i++) {
        churn(run, crowd);
        run.fault("Redis kill -9, and up again empty");
        redis.kill9();
        redis.restart();
        run.await("said again", TRUE_AGAIN, crowd::isTrue);
        crowd.check(run);
      }
      run.await("believed by all members", TRUE_AGAIN, crowd::isBelieved);
      crowd.check(run);
      run.figure("presence_events", (double) crowd.events());
      run.event(crowd.events() + " times a member was told that somebody came or went");
      run.require(crowd.events() > 0, "somebody came or went");
    }
  }

  private static void churn(FaultRun run, PresenceCrowd crowd) throws Exception {
    double until = run.seconds() + run.size(1, 20);
    while (run.seconds() < until) {
      crowd.step(run.size(3, 10));
      run.hold(0.05);
    }
    run.event("tabs came and went");
  }
}
