package io.roomcast.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.load.LedgerLoad;
import io.roomcast.load.LedgerOptions;
import io.roomcast.load.LoadOptions;
import io.roomcast.load.LoadReport;
import io.roomcast.load.LoadRun;
import io.roomcast.load.Protocol;
import io.roomcast.load.Scenario;
import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.RedisProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients that do not read, come in too great a number, flood, or come and go. */
final class ClientFaults {
  private static final Pattern MEMBERS = Pattern.compile("\"members\":(\\d+)");
  private static final long LITTLE_MEMORY = 256L * 1024 * 1024;
  private static final int CONNECT_MILLIS = 2000;

  private ClientFaults() {}

  private static LedgerOptions large(FaultRun run, ServerNode node, int members, double rate) {
    return LedgerOptions.of(List.of(node.url()), 2, members, 4, rate, run.seed()).bytes(16_384);
  }

  static void slowReaders(FaultRun run) throws Exception {
    ServerNode node = run.alone("");
    node.awaitReady();
    FaultProxy proxy = run.proxy(node.port());
    int rooms = run.size(2, 18);
    int others = rooms * run.size(10, 100);
    LedgerLoad calm =
        run.load(
            LedgerOptions.of(List.of(node.url()), rooms, others / rooms, 4, 20, run.seed())
                .bytes(16_384));
    // So much that what the kernel takes is soon full; one of so many reads by way of the proxy.
    int one = run.size(10, 2);
    int members = run.size(40, 200);
    List<URI> urls = new ArrayList<>(Collections.nCopies(one - 1, node.url()));
    urls.add(URI.create("ws://127.0.0.1:" + proxy.port() + "/ws"));
    LedgerLoad busy =
        run.load(
            LedgerOptions.of(urls, 2, members / 2, 4, run.size(100, 60), run.seed())
                .bytes(16_384)
                .publishAt(List.of(node.url())));
    run.hold(run.size(1, 20));
    double before = calm.latencyMillis(0.99);
    calm.resetLatency();
    int stalled = run.size(8, 100);
    int slow = stalled + members / one - stalled / one;
    long memory = node.residentBytes();
    run.fault(stalled + " members stop reading, " + (slow - stalled) + " read 1 KB/s");
    busy.stall(stalled);
    proxy.bandwidth(FaultProxy.Way.TO_CLIENT, 1000);
    run.await("slow ones closed", 30, () -> members(node) <= others + members - slow);
    run.figure("latency_p99_of_others_before_ms", before);
    run.figure("latency_p99_of_others_meanwhile_ms", calm.latencyMillis(0.99));
    run.figure("rss_growth_mib", (node.residentBytes() - memory) / 1048576.0);
    busy.resume();
    proxy.bandwidth(FaultProxy.Way.TO_CLIENT, 0);
    run.event("they read again");
    run.await("slow ones back", 20, () -> members(node) == others + members);
    run.awaitCaughtUp("recovered", busy, 10);
    long broken = calm.counts().broken() + busy.counts().broken();
    run.require(broken == slow, "only the slow ones were closed: " + broken);
    List<String> closes = closes(node);
    run.require(
        closes.equals(List.of("roomcast_closes_total{code=\"4002\"} " + slow + ".0")),
        "as slow readers, who may come back: " + closes);
    run.judge(busy);
    run.judge(calm);
  }

  static void slowForLatest(FaultRun run) throws Exception {
    skipped(run, "slow=latest", "slow_latest");
  }

  static void slowForResync(FaultRun run) throws Exception {
    skipped(run, "slow=resync log=9999/1h", "slow_resync");
  }

  /** Members stop reading where nobody is closed for that, and read again in time. */
  private static void skipped(FaultRun run, String rule, String reason) throws Exception {
    ServerNode node = run.ruled("ledger-* " + rule);
    node.awaitReady();
    LedgerLoad load = run.load(large(run, node, run.size(20, 60), run.size(200, 100)));
    double before = load.latencyMillis(0.99);
    load.resetLatency();
    for (int i = 0; i < run.size(1, 5); i++) {
      int slow = run.size(8, 24);
      double skipped = dropped(node, reason);
      run.fault(slow + " members stop reading");
      load.stall(slow);
      run.await("skipped", 30, () -> dropped(node, reason) > skipped + 20L * slow);
      run.most("latency_p99_meanwhile_ms", load.latencyMillis(0.99));
      load.resume();
      run.event("they read again");
      run.awaitCaughtUp("recovered", load, 20);
    }
    run.figure("latency_p99_before_ms", before);
    run.require(load.counts().broken() == 0, "nobody was closed");
    run.judge(load);
  }

  private static double dropped(ServerNode node, String reason) {
    return metric(node, "roomcast_dropped_total{reason=\"" + reason + "\"}");
  }

  /** Members of all rooms on the node, as it says itself. */
  private static int members(ServerNode node) {
    Matcher matcher = MEMBERS.matcher(node.get("/v1/rooms?limit=1000"));
    int out = 0;
    while (matcher.find()) {
      out += Integer.parseInt(matcher.group(1));
    }
    return out;
  }

  static void descriptors(FaultRun run) throws Exception {
    int limit = run.size(400, 1000);
    ServerNode node = run.alone("ulimit -n " + limit);
    LedgerLoad load = run.load(List.of(node), 10, run.size(10, 30), 100);
    for (int i = 0; i < run.size(1, 3); i++) {
      long broken = load.counts().broken();
      List<Socket> crowd = new ArrayList<>();
      run.fault("more connections than the node has descriptors");
      for (int n = 0; n < 2 * limit; n++) {
        crowd.add(connect(node.port()));
      }
      run.hold(run.size(2, 10));
      run.require(node.status("/live") == 0, "nobody else gets in: its descriptors are in use");
      run.awaitCaughtUp("those that are in go on", load, 5);
      run.require(load.counts().broken() == broken, "and lose no connection");
      for (Socket socket : crowd) {
        socket.close();
      }
      run.event("they leave");
      run.await("others get in again", 15, () -> node.status("/live") == 200);
    }
    run.judge(load);
  }

  private static Socket connect(int port) {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
    } catch (IOException e) {
      // The backlog is full as well: so much the better.
    }
    return socket;
  }

  static void memory(FaultRun run) throws Exception {
    Optional<MemoryLimit> limit = run.memoryLimit(LITTLE_MEMORY);
    String shell = limit.map(MemoryLimit::shell).orElse("");
    ServerNode node = run.alone(shell, "-Xmx64m", "-XX:MaxDirectMemorySize=64m");
    node.awaitReady();
    run.require(limit.isEmpty() || limit.get().holds(node.pid()), "the group holds the node");
    LedgerLoad load = run.load(large(run, node, 20, 20));
    int slow = 10;
    run.fault("flood, and " + slow + " members that do not read");
    load.stall(slow);
    // Faster than two processors can pass it on: what waits is to be bounded.
    load.start(1500);
    for (int i = 0; i < run.size(6, 60); i++) {
      run.hold(1);
      run.most("rss_mib", node.residentBytes() / 1048576.0);
      run.require(node.residentBytes() <= LITTLE_MEMORY, "it stays below 256 MB");
    }
    run.require(node.isAlive(), "it lives");
    limit.ifPresent(group -> run.figure("group_mib", group.most() / 1048576.0));
    load.start(20);
    load.resume();
    run.event("the flood is over");
    run.awaitCaughtUp("recovered", load, 20);
    run.judge(load);
  }

  static void churn(FaultRun run) throws Exception {
    RedisProcess redis = run.redis();
    ServerNode node = run.node(redis.port());
    LedgerLoad load = run.load(List.of(node), 10, 10, 100);
    long operations = 0;
    for (Scenario scenario : List.of(Scenario.CHURN, Scenario.JOINS)) {
      run.fault("clients that " + (scenario == Scenario.CHURN ? "connect" : "join") + " and leave");
      LoadReport report =
          LoadRun.run(
              new LoadOptions(
                  scenario,
                  Protocol.ROOMCAST,
                  List.of(node.url()),
                  new LoadOptions.Shape(500, 1, 1, 32, 128, 1),
                  new LoadOptions.Timing(1, run.size(2, 60)),
                  List.of()),
              new PrintStream(new ByteArrayOutputStream(), true, UTF_8));
      run.require(report.faultless(), report.faults().toString());
      double each = report.figures().getFirst().value();
      operations += (long) (each * run.size(2, 60));
      run.figure(scenario == Scenario.CHURN ? "connects_per_second" : "joins_per_second", each);
    }
    run.figure("operations", (double) operations);
    run.judge(load);
    load.close();
    run.await("no members left", 5, () -> members(node) == 0);
    run.await("no channels left", 5, () -> redis.channels("room:*").isEmpty());
    run.await("no sessions left", 5, () -> metric(node, "roomcast_connections") == 0);
  }

  private static List<String> closes(ServerNode node) {
    return node.get("/metrics")
        .lines()
        .filter(line -> line.startsWith("roomcast_closes_total") && !line.endsWith(" 0.0"))
        .toList();
  }

  /** A metric, named with its labels, that must be there. */
  private static double metric(ServerNode node, String name) {
    return node.get("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no metric " + name));
  }
}
