package io.roomcast.faults;

import io.roomcast.load.LedgerLoad;
import io.roomcast.load.LedgerOptions;
import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.FaultProxy.Way;
import io.roomcast.testing.RedisProcess;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Redis dies, freezes, cuts off or forgets, or the network to it does. */
final class RedisFaults {
  /** From a fault to when the node says that it is not ready, seconds. */
  private static final double DETECTED = 6;

  /** From the fault's end to when every member gets messages again, seconds. */
  private static final double RECOVERED = 10;

  private static final Pattern CONNECTIONS = Pattern.compile("total_connections_received:(\\d+)");

  private RedisFaults() {}

  private static LedgerLoad load(FaultRun run, List<ServerNode> nodes) throws Exception {
    return run.loadHalfLogged(nodes, run.size(20, 200), run.size(8, 10), run.size(300, 1000));
  }

  private static List<ServerNode> twoNodes(FaultRun run, int port) {
    return List.of(run.node(port), run.node(port));
  }

  static void killed(FaultRun run) throws Exception {
    RedisProcess redis = run.lastingRedis();
    List<ServerNode> nodes = twoNodes(run, redis.port());
    LedgerLoad load = load(run, nodes);
    QuietRooms quiet = run.quietRooms(nodes, run.size(500, 50_000));
    for (int i = 0; i < run.size(2, 20); i++) {
      run.hold(run.random.nextDouble(0.2, run.size(1, 4)));
      long failed = load.counts().failed();
      quiet.forget();
      run.fault("Redis kill -9");
      redis.kill9();
      run.await("first failed publish", 2, () -> load.counts().failed() > failed);
      run.hold(run.random.nextDouble(0.5, run.size(2, 6)));
      redis.restart();
      run.event("Redis is up");
      run.await("quiet rooms told", RECOVERED, quiet::isAllTold);
      run.awaitCaughtUp("recovered", load, RECOVERED);
    }
    run.require(quiet.lost() == 0, "no quiet connection is lost: " + quiet.lost());
    run.judgeLogged(load);
  }

  static void frozen(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    List<ServerNode> nodes = twoNodes(run, redis.port());
    LedgerLoad load = load(run, nodes);
    for (int seconds : run.isFull() ? new int[] {5, 30, 120} : new int[] {4}) {
      run.fault("Redis frozen for " + seconds + " s");
      redis.stop();
      double began = run.seconds();
      detected(run, nodes, seconds);
      run.hold(Math.max(0, began + seconds - run.seconds()));
      redis.cont();
      run.event("Redis goes on");
      run.awaitCaughtUp("recovered", load, RECOVERED);
    }
    int pause = run.size(2, 20);
    run.fault("CLIENT PAUSE for " + pause + " s");
    redis.call("CLIENT", "PAUSE", pause + "000", "ALL");
    run.hold(pause);
    run.awaitCaughtUp("recovered", load, RECOVERED);
    run.judgeLogged(load);
  }

  /**
   * A fault that may be over before it is seen need not be; in the short form it lasts until then.
   */
  private static void detected(FaultRun run, List<ServerNode> nodes, double lasts)
      throws InterruptedException {
    if (lasts >= DETECTED || !run.isFull()) {
      run.await("not ready", DETECTED, () -> nodes.getFirst().status("/ready") == 503);
    }
  }

  static void partitioned(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    FaultProxy proxy = run.proxy(redis.port());
    List<ServerNode> nodes = List.of(run.node(proxy.port()), run.node(redis.port()));
    LedgerLoad load = load(run, nodes);
    for (int seconds : run.isFull() ? new int[] {5, 30, 120} : new int[] {4}) {
      run.fault("nothing passes between a node and Redis for " + seconds + " s");
      proxy.blackHole(true);
      double began = run.seconds();
      detected(run, nodes, seconds);
      run.hold(Math.max(0, began + seconds - run.seconds()));
      proxy.blackHole(false);
      run.event("healed");
      run.awaitCaughtUp("recovered", load, RECOVERED);
    }
    for (Way way : Way.values()) {
      run.fault("nothing passes " + way);
      proxy.hold(way, true);
      run.hold(run.size(3, 20));
      proxy.hold(way, false);
      run.event("healed");
      run.awaitCaughtUp("recovered", load, RECOVERED);
    }
    run.fault("connections reset");
    proxy.reset();
    run.awaitCaughtUp("recovered", load, RECOVERED);
    run.judgeLogged(load);
  }

  static void cut(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    List<ServerNode> nodes = twoNodes(run, redis.port());
    LedgerLoad load = load(run, nodes);
    long before = connections(redis);
    int times = run.size(4, 150);
    long killed = 0;
    for (int i = 0; i < times; i++) {
      killed += redis.killSubscribers();
      run.hold(1);
    }
    run.fault(times + " times CLIENT KILL TYPE pubsub, " + killed + " connections in all");
    run.awaitCaughtUp("recovered", load, RECOVERED);
    // Each of our own calls is a connection too.
    long made = connections(redis) - before - times - 1;
    run.figure("redis_connections_made", (double) made);
    run.require(made <= killed + 2, "no more connections than were killed: " + made);
    run.judgeLogged(load);
  }

  private static long connections(RedisProcess redis) {
    Matcher matcher = CONNECTIONS.matcher((String) redis.call("INFO", "stats"));
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  static void flooded(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    redis.call("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 512kb 5");
    FaultProxy proxy = run.proxy(redis.port());
    ServerNode narrow = run.node(proxy.port());
    ServerNode wide = run.node(redis.port());
    narrow.awaitReady();
    wide.awaitReady();
    LedgerOptions options =
        LedgerOptions.of(FaultRun.urls(List.of(narrow, wide)), 10, 4, 4, 300, run.seed())
            .bytes(4096)
            .publishAt(List.of(wide.url()));
    LedgerLoad load = run.load(options);
    for (int i = 0; i < run.size(1, 5); i++) {
      int cuts = proxy.accepted();
      run.fault("a node's way from Redis gets narrow: 200 KB/s for 1,200");
      proxy.bandwidth(Way.TO_CLIENT, 200_000);
      run.await("reconnected", 20, () -> proxy.accepted() > cuts);
      proxy.bandwidth(Way.TO_CLIENT, 0);
      run.event("wide again");
      run.awaitCaughtUp("recovered", load, RECOVERED);
    }
    run.require(load.counts().gaps() > 0, "gaps are told");
    run.judge(load);
  }

  static void emptied(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    List<ServerNode> nodes = twoNodes(run, redis.port());
    // What was published just before its key was forgotten would be another message: no keys.
    LedgerOptions options =
        run.options(nodes, run.size(20, 200), run.size(8, 10), run.size(300, 1000));
    LedgerLoad load = run.load(options.halfLogged(FaultRun.KEPT, false));
    long kept = (long) options.rooms() / 2 * options.members();
    for (int i = 0; i < run.size(1, 10); i++) {
      run.fault("FLUSHALL");
      LedgerLoad.Counts before = load.counts();
      redis.call("FLUSHALL");
      load.cut((int) kept);
      run.await("all back", RECOVERED, () -> load.counts().joined() == 2 * kept);
      run.require(
          load.counts().recovered() == before.recovered(), "nobody recovers from another log");
      run.awaitCaughtUp("recovered", load, RECOVERED);
      run.hold(1);
      run.fault("Redis restarted empty");
      long gaps = load.counts().gaps();
      redis.kill9();
      redis.restart();
      run.awaitCaughtUp("recovered", load, RECOVERED);
      run.await("gaps told", RECOVERED, () -> load.counts().gaps() - gaps >= 2 * kept);
    }
    run.judge(load);
    run.require(load.counts().refused() == 0, "who is refused is told another epoch");
  }
}
