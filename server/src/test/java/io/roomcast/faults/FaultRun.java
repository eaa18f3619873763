package io.roomcast.faults;

import io.roomcast.load.LedgerLoad;
import io.roomcast.load.LedgerOptions;
import io.roomcast.load.Verdict;
import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One run of one scenario: what it starts, what it does when, what it finds. All that was started
 * ends with it. For one thread.
 */
final class FaultRun implements AutoCloseable {
  private static final Duration JOINING = Duration.ofSeconds(60);
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /** Rooms whose names begin so keep a log. */
  static final String KEPT = "kept-";

  private static final List<String> RULE = List.of("--rule", KEPT + "* log=10000/10m");

  /** How much longer everything may take in the short form, which runs on any machine. */
  private static final int PATIENCE = 4;

  final Random random;
  private final boolean full;
  private final long seed;
  private final Path directory;
  private final Consumer<String> progress;
  private final long began = System.nanoTime();
  private final List<AutoCloseable> started = new ArrayList<>();
  private final List<String> timeline = new ArrayList<>();
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private String loadHeld = "";
  private Verdict verdict = Verdict.NONE;
  private int faults;

  /**
   * Has done nothing yet.
   *
   * @param full whether it is the long form
   * @param directory for the nodes' output
   */
  FaultRun(boolean full, long seed, Path directory, Consumer<String> progress) throws IOException {
    this.full = full;
    this.seed = seed;
    this.random = new Random(seed);
    this.directory = Files.createDirectories(directory);
    this.progress = progress;
  }

  long seed() {
    return seed;
  }

  boolean isFull() {
    return full;
  }

  /** One number for the short form, another for the long. */
  int size(int inShort, int inFull) {
    return full ? inFull : inShort;
  }

  /** Notes what happens now. */
  void event(String text) {
    String line = String.format(Locale.ROOT, "%7.2f s  %s", seconds(), text);
    timeline.add(line);
    progress.accept("  " + line);
  }

  /** Notes a fault that is made now. */
  void fault(String text) {
    faults++;
    event(text);
  }

  double seconds() {
    return (System.nanoTime() - began) * 1e-9;
  }

  void figure(String name, double value) {
    figures.put(name, value);
  }

  /** The greatest of what is given under this name. */
  void most(String name, double value) {
    figures.merge(name, value, Math::max);
  }

  /** Notes a failure unless it holds. */
  void require(boolean holds, String what) {
    if (!holds) {
      failures.add(what);
      event("NOT MET: " + what);
    }
  }

  /** Lets the load run as it is. */
  void hold(double seconds) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
  }

  /**
   * The time that something may take: as long as is said, and longer in the short form, where a
   * machine that is slow or busy is not to be taken for a server that fails.
   */
  Duration atMost(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000 * (full ? 1 : PATIENCE)));
  }

  /**
   * Waits for something that has to come; gives the milliseconds, and the bound when it did not.
   */
  long await(String what, double atMostSeconds, BooleanSupplier condition)
      throws InterruptedException {
    Duration atMost = atMost(atMostSeconds);
    return taken(what, atMost, LedgerLoad.await(condition, atMost));
  }

  private long taken(String what, Duration atMost, OptionalLong millis) {
    require(millis.isPresent(), what + " within " + atMost.toMillis() + " ms");
    long took = millis.orElse(atMost.toMillis());
    event(what + ": " + took + " ms");
    most(what.replace(' ', '_') + "_ms", (double) took);
    return took;
  }

  /** Waits until every member has a message sent after this call. */
  void awaitCaughtUp(String what, LedgerLoad load, double atMostSeconds)
      throws InterruptedException {
    Duration atMost = atMost(atMostSeconds);
    taken(what, atMost, load.awaitCaughtUp(atMost));
    event(load.counts().toString());
  }

  RedisProcess redis() {
    return redis(List.of());
  }

  /**
   * One that has after a kill what it had before. It writes before it answers: with a sync each
   * second, its default, it answers up to two seconds before, while the disk is busy, and comes
   * back with less than it said it had. Only the process is killed, so no sync is needed.
   */
  RedisProcess lastingRedis() throws IOException {
    Path data = Files.createTempDirectory(directory.toAbsolutePath(), "redis");
    return redis(List.of("--appendonly", "yes", "--appendfsync", "no", "--dir", data.toString()));
  }

  private RedisProcess redis(List<String> options) {
    RedisProcess redis = RedisProcess.start(options.toArray(String[]::new));
    started.add(redis);
    return redis;
  }

  FaultProxy proxy(int port) {
    FaultProxy proxy = FaultProxy.before(port);
    started.add(proxy);
    return proxy;
  }

  QuietRooms quietRooms(List<ServerNode> nodes, int rooms) throws IOException {
    QuietRooms quiet = QuietRooms.open(nodes, rooms);
    started.add(quiet);
    String held = String.format(Locale.ROOT, "%,d quiet rooms", rooms);
    loadHeld += "; " + held;
    event(held);
    return quiet;
  }

  /** A clock that nodes can be given, to jump. */
  ClockShift clock() throws IOException, InterruptedException {
    ClockShift clock = ClockShift.in(directory);
    started.add(clock);
    return clock;
  }

  /** A bound on a node's memory, where this machine lets us set one. */
  Optional<MemoryLimit> memoryLimit(long bytes) {
    Optional<MemoryLimit> limit = MemoryLimit.create(bytes);
    limit.ifPresent(started::add);
    event(limit.isPresent() ? "in a control group" : "no control group here: watched only");
    return limit;
  }

  /** Starts a node that joins others by the Redis, or what stands before it, on this port. */
  ServerNode node(int redisPort, String... flags) {
    return node("", redisPort, flags);
  }

  /** The same after what a shell does. */
  ServerNode node(String shell, int redisPort, String... flags) {
    List<String> all = new ArrayList<>(List.of("--redis", "redis://127.0.0.1:" + redisPort));
    all.addAll(List.of(flags));
    return start(shell, List.of(), all);
  }

  /** Starts a node that stands alone. */
  ServerNode alone(String shell, String... jvm) {
    return start(shell, List.of(jvm), List.of());
  }

  /** The same with these rules for rooms. */
  ServerNode ruled(String... rules) {
    List<String> flags = new ArrayList<>();
    for (String rule : rules) {
      flags.addAll(List.of("--rule", rule));
    }
    return start("", List.of(), flags);
  }

  private ServerNode start(String shell, List<String> jvm, List<String> flags) {
    List<String> options = new ArrayList<>(jvm);
    if (!full) {
      options.add("-XX:TieredStopAtLevel=1");
    }
    List<String> all = new ArrayList<>(RULE);
    all.addAll(flags);
    Path log = directory.resolve("node-" + started.size() + ".log");
    ServerNode node = new ServerNode(log, shell, options, all);
    started.add(node);
    return node;
  }

  static List<URI> urls(List<ServerNode> nodes) {
    return nodes.stream().map(ServerNode::url).toList();
  }

  /** A load at these nodes, all its members in their rooms, publishing, warm. */
  LedgerLoad load(List<ServerNode> nodes, int rooms, int members, double rate)
      throws InterruptedException {
    return load(options(nodes, rooms, members, rate));
  }

  /** The same with a log in every second room, and publishers that repeat there. */
  LedgerLoad loadHalfLogged(List<ServerNode> nodes, int rooms, int members, double rate)
      throws InterruptedException {
    return load(options(nodes, rooms, members, rate).halfLogged(KEPT, true));
  }

  /** What such loads are, once the nodes are ready. */
  LedgerOptions options(List<ServerNode> nodes, int rooms, int members, double rate)
      throws InterruptedException {
    for (ServerNode node : nodes) {
      node.awaitReady();
    }
    return LedgerOptions.of(urls(nodes), rooms, members, size(4, 20), rate, seed);
  }

  /** The same with more said. */
  LedgerLoad load(LedgerOptions options) throws InterruptedException {
    String held =
        String.format(
            Locale.ROOT,
            "%,d members in %,d rooms%s on %d nodes, %,.0f messages/s of %d bytes",
            options.rooms() * options.members(),
            options.rooms(),
            options.kept().isEmpty() ? "" : " (half with a log)",
            nodes(options),
            options.rate(),
            options.bytes());
    loadHeld += (loadHeld.isEmpty() ? "" : "; ") + held;
    event(held);
    LedgerLoad load = LedgerLoad.open(options);
    started.add(load);
    require(load.awaitJoined(JOINING).isPresent(), "all members join first: " + load.lastTrouble());
    load.start();
    awaitCaughtUp("first messages", load, 10);
    hold(size(1, 5));
    load.resetLatency();
    return load;
  }

  /** Nodes that are under the load, whether or not a proxy stands before them. */
  private long nodes(LedgerOptions options) {
    return started.stream()
        .filter(ServerNode.class::isInstance)
        .map(node -> ((ServerNode) node).url())
        .filter(url -> options.urls().contains(url) || options.publishAt().contains(url))
        .count();
  }

  /** Ends the load and judges it: nothing may be missing in silence, doubled or out of order. */
  void judge(LedgerLoad load) throws InterruptedException {
    LedgerLoad.Counts counts = load.counts();
    figure("latency_p50_ms", load.latencyMillis(0.5));
    figure("latency_p99_ms", load.latencyMillis(0.99));
    figure("publishes_failed", (double) counts.failed());
    figure("publishes_unanswered", (double) counts.unanswered());
    figure("connections_lost", (double) counts.broken());
    figure("deliveries_per_second", counts.delivered() / seconds());
    judged(load.finish(SETTLING));
  }

  /** Says what the load is, where it is none with a ledger. */
  void held(String load) {
    loadHeld = load;
    event(load);
  }

  /** Takes a verdict, beside those before. */
  void judged(Verdict found) {
    verdict = verdict.plus(found);
    event(found.toString());
    require(found.clean(), "the ledger is clean: " + found.examples());
    require(found.delivered() > 0, "something was delivered");
  }

  /** The same; and rooms with a log have no holes at all, and let everybody recover. */
  void judgeLogged(LedgerLoad load) throws InterruptedException {
    judge(load);
    LedgerLoad.Counts counts = load.counts();
    figure("joins_recovered", (double) counts.recovered());
    figure("joins_refused", (double) counts.refused());
    require(verdict.unkept() == 0, "no holes where there is a log: " + verdict.unkept());
    require(counts.refused() == 0, "everybody recovers: " + load.lastTrouble());
  }

  List<String> failures() {
    return failures;
  }

  Outcome outcome(String id, String title) {
    return new Outcome(
        id,
        title,
        full,
        seed,
        seconds(),
        loadHeld,
        faults,
        verdict,
        Map.copyOf(figures),
        List.copyOf(timeline),
        List.copyOf(failures));
  }

  @Override
  public void close() {
    for (int i = started.size() - 1; i >= 0; i--) {
      try {
        started.get(i).close();
      } catch (Exception e) {
        progress.accept("  could not be closed: " + e);
      }
    }
  }
}
