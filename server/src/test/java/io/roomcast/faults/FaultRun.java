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
  private Verdict verdict = new Verdict(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
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
   * Waits for something that has to come; gives the milliseconds, and the bound when it did not.
   */
  long await(String what, double atMostSeconds, BooleanSupplier condition)
      throws InterruptedException {
    Duration atMost = Duration.ofMillis((long) (atMostSeconds * 1000));
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
    Duration atMost = Duration.ofMillis((long) (atMostSeconds * 1000));
    taken(what, atMost, load.awaitCaughtUp(atMost));
    event(load.counts().toString());
  }

  RedisProcess redis() {
    RedisProcess redis = RedisProcess.start();
    started.add(redis);
    return redis;
  }

  FaultProxy proxy(int port) {
    FaultProxy proxy = FaultProxy.before(port);
    started.add(proxy);
    return proxy;
  }

  /** Starts a node that joins others by the Redis, or what stands before it, on this port. */
  ServerNode node(int redisPort, String... flags) {
    List<String> all = new ArrayList<>(List.of("--redis", "redis://127.0.0.1:" + redisPort));
    all.addAll(List.of(flags));
    return start("", List.of(), all);
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
    Path log = directory.resolve("node-" + started.size() + ".log");
    ServerNode node = new ServerNode(log, shell, options, flags);
    started.add(node);
    return node;
  }

  static List<URI> urls(List<ServerNode> nodes) {
    return nodes.stream().map(ServerNode::url).toList();
  }

  /** A load at these nodes, all its members in their rooms, publishing, warm. */
  LedgerLoad load(List<ServerNode> nodes, int rooms, int members, double rate)
      throws InterruptedException {
    for (ServerNode node : nodes) {
      node.awaitReady();
    }
    return load(LedgerOptions.of(urls(nodes), rooms, members, size(4, 20), rate, seed));
  }

  /** The same with more said. */
  LedgerLoad load(LedgerOptions options) throws InterruptedException {
    loadHeld =
        String.format(
            Locale.ROOT,
            "%,d members in %,d rooms on %d nodes, %,.0f messages/s of %d bytes",
            options.rooms() * options.members(),
            options.rooms(),
            options.urls().size(),
            options.rate(),
            options.bytes());
    event(loadHeld);
    LedgerLoad load = LedgerLoad.open(options);
    started.add(load);
    require(load.awaitJoined(JOINING).isPresent(), "all members join first: " + load.lastTrouble());
    load.start();
    awaitCaughtUp("first messages", load, 10);
    hold(size(1, 5));
    load.resetLatency();
    return load;
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
    verdict = load.finish(SETTLING);
    event(verdict.toString());
    require(verdict.clean(), "the ledger is clean: " + verdict.examples());
    require(verdict.delivered() > 0, "something was delivered");
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
