package io.roomcast.faults;

import io.roomcast.testing.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Members that miss something, and publishers that repeat, where rooms have a log. */
final class LogFaults {
  private static final int KEPT = 20;
  private static final int THREADS = 4;

  private LogFaults() {}

  static void cut(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    String rule = "cut-* log=" + KEPT + "/10m";
    List<ServerNode> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(run.node(redis.port(), "--rule", rule));
    }
    for (ServerNode node : nodes) {
      node.awaitReady();
    }
    int cuts = run.size(400, 10_000);
    run.held(THREADS + " members in rooms with a log of " + KEPT + " messages on 3 nodes");
    run.fault(cuts + " cuts");
    List<CutMember> members = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        CutMember member = new CutMember(nodes, "cut-" + i, KEPT, new Random(run.seed() + i));
        members.add(member);
        tasks.add(
            () -> {
              try (member) {
                member.run(cuts / THREADS);
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
    run.figure("cuts", cuts);
    run.figure("joins_recovered", members.stream().mapToInt(CutMember::recovered).sum());
    run.figure("joins_refused", members.stream().mapToInt(CutMember::refused).sum());
    members.forEach(member -> run.judged(member.verdict()));
  }
}
