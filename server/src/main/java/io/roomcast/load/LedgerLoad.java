package io.roomcast.load;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A load with a ledger: members and publishers that live through faults as clients do, and a
 * verdict at the end. The methods are for one thread, which waits; all else is on the loop's.
 */
public final class LedgerLoad implements AutoCloseable {
  private static final long POLL_MILLIS = 10;
  private static final long TICK_MILLIS = 200;
  private static final long QUIET_MILLIS = 600;
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /**
   * What happened so far.
   *
   * @param joined members that are in their room now
   * @param joins confirmed in all, those that recovered among them
   * @param refused joins that showed a position of a log that is still there, and did not recover
   * @param broken connections that had been open
   * @param held messages that the server said it has
   * @param failed messages answered with an error
   * @param unanswered messages whose answer was lost with the connection
   * @param skipped messages not sent, for want of a connection or for too many without an answer
   */
  public record Counts(
      int joined,
      long joins,
      long recovered,
      long refused,
      long broken,
      long gaps,
      long held,
      long failed,
      long unanswered,
      long skipped,
      long delivered) {}

  final Loop loop = Loop.open();
  final Wire wire = new JsonWire(true);
  final Ledger ledger = new Ledger();
  final Random random;

  private final LedgerOptions options;
  private final long epochMicros;
  private final List<LedgerMember> members = new ArrayList<>();
  private final List<LedgerPublisher> publishers = new ArrayList<>();
  private final Map<String, Integer> epochs = new HashMap<>();
  private final Histogram latency = new Histogram();

  private boolean closed;
  private boolean ending;
  private boolean publishing;
  private long planned;
  private long started;
  private double rate;

  private long joins;
  private long recovered;
  private long refused;
  private long broken;
  private long gaps;
  private long held;
  private long failed;
  private long unanswered;
  private long skipped;
  private long delivered;
  private String lastTrouble = "";

  /** Which catching-up is awaited, since when messages count, and how many members have it. */
  private long wanted;

  private long wantedSince = Long.MAX_VALUE;
  private int caught;
  private long caughtAt;

  private LedgerLoad(LedgerOptions options) {
    this.options = options;
    this.random = new Random(options.seed());
    this.epochMicros =
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - System.nanoTime() / 1000;
    this.rate = options.rate();
  }

  /** Begins to connect everybody. */
  public static LedgerLoad open(LedgerOptions options) {
    LedgerLoad load = new LedgerLoad(options);
    load.loop.run(load::layOut);
    return load;
  }

  private void layOut() {
    int run = Crowd.newRun();
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < options.rooms(); i++) {
      boolean kept = !options.kept().isEmpty() && i % 2 == 1;
      boolean recovers = options.recover() || kept;
      String prefix = kept ? options.kept() : options.prefix();
      String name = "%s%06x-%05d".formatted(prefix, run, i);
      places.add(
          new Place(ledger.open(name, recovers), name, recovers, recovers && options.keys()));
    }
    for (int i = 0; i < options.members(); i++) {
      for (Place place : places) {
        members.add(new LedgerMember(this, options.urls(), members.size(), place));
      }
    }
    for (int i = 0; i < options.publishers(); i++) {
      String name = "%06x-%d".formatted(run, i);
      publishers.add(new LedgerPublisher(this, options.publishAt(), i, name));
    }
    for (int i = 0; i < Math.max(places.size(), publishers.size()); i++) {
      publishers.get(i % publishers.size()).publishTo(places.get(i % places.size()));
    }
    // As fast as a backlog of connections bears, and not all in one moment.
    for (int i = 0; i < members.size(); i++) {
      later(members.get(i)::connect, i / 4L);
    }
    publishers.forEach(LedgerPublisher::connect);
    later(this::tick, TICK_MILLIS);
  }

  LedgerOptions options() {
    return options;
  }

  long micros() {
    return epochMicros + System.nanoTime() / 1000;
  }

  void later(Runnable task, long millis) {
    var unused = loop.executor().schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  boolean isEnding() {
    return ending;
  }

  int epoch(String name) {
    return epochs.computeIfAbsent(name, n -> epochs.size());
  }

  private void tick() {
    if (ending) {
      return;
    }
    long now = System.nanoTime();
    long silence = TimeUnit.MILLISECONDS.toNanos(options.silenceMillis());
    members.forEach(member -> member.tick(now, silence));
    publishers.forEach(publisher -> publisher.tick(now, silence));
    later(this::tick, TICK_MILLIS);
  }

  private void publishDue() {
    if (!publishing) {
      return;
    }
    long due = (long) ((System.nanoTime() - started) * 1e-9 * rate);
    while (planned < due) {
      if (!publishers.get((int) (planned % publishers.size())).publish()) {
        skipped++;
      }
      planned++;
    }
    later(this::publishDue, 2);
  }

  void joined(boolean whole) {
    joins++;
    recovered += whole ? 1 : 0;
  }

  void refused(String what) {
    refused++;
    lastTrouble = what;
  }

  void broken(boolean wasOpen, String why) {
    broken += wasOpen ? 1 : 0;
    lastTrouble = why;
  }

  void gap() {
    gaps++;
  }

  void held() {
    held++;
  }

  void failed(String text) {
    failed++;
    lastTrouble = text;
  }

  void unanswered(int number) {
    unanswered += number;
  }

  void delivered(long nanos) {
    delivered++;
    latency.add(nanos);
  }

  long wanted() {
    return wanted;
  }

  long wantedSince() {
    return wantedSince;
  }

  void caughtUp(long now) {
    caught++;
    if (caught == members.size()) {
      caughtAt = now;
    }
  }

  /** What happened so far. */
  public Counts counts() {
    return loop.call(this::count);
  }

  private Counts count() {
    int in = 0;
    for (LedgerMember member : members) {
      in += member.isJoined() ? 1 : 0;
    }
    return new Counts(
        in, joins, recovered, refused, broken, gaps, held, failed, unanswered, skipped, delivered);
  }

  /** The last error or end of a connection, in words. */
  public String lastTrouble() {
    return loop.call(() -> lastTrouble);
  }

  /**
   * Waits until all members are in; gives the milliseconds it took, nothing when it took longer.
   */
  public OptionalLong awaitJoined(Duration atMost) throws InterruptedException {
    return awaitJoined(1, atMost);
  }

  /**
   * Waits until a part of the members is in.
   *
   * @param part from 0 to 1
   */
  public OptionalLong awaitJoined(double part, Duration atMost) throws InterruptedException {
    int enough = (int) Math.ceil(part * members.size());
    return await(() -> counts().joined() >= enough, atMost);
  }

  /**
   * Waits until every member has a message that was sent after this call; gives the milliseconds to
   * when the last one got it.
   */
  public OptionalLong awaitCaughtUp(Duration atMost) throws InterruptedException {
    long since = System.nanoTime();
    loop.run(
        () -> {
          wanted++;
          wantedSince = since;
          caught = 0;
        });
    OptionalLong waited = await(() -> loop.call(() -> caught == members.size()), atMost);
    return waited.isEmpty()
        ? waited
        : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(loop.call(() -> caughtAt) - since));
  }

  /** Waits for something; gives the milliseconds it took, nothing when it took longer. */
  public static OptionalLong await(BooleanSupplier condition, Duration atMost)
      throws InterruptedException {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > atMost.toNanos()) {
        return OptionalLong.empty();
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
  }

  /** Begins to publish at the rate of the options. */
  public void start() {
    start(options.rate());
  }

  /** Begins to publish at this rate, messages a second. */
  public void start(double perSecond) {
    loop.run(
        () -> {
          rate = perSecond;
          planned = 0;
          started = System.nanoTime();
          if (!publishing) {
            publishing = true;
            publishDue();
          }
        });
  }

  /** Publishes no more. */
  public void stop() {
    loop.run(() -> publishing = false);
  }

  /** Lets so many members read no more. */
  public void stall(int number) {
    loop.run(() -> members.subList(0, number).forEach(member -> member.read(false)));
  }

  /** Cuts so many members' connections; they come back. */
  public void cut(int number) {
    loop.run(() -> members.subList(0, number).forEach(member -> member.link().drop("cut")));
  }

  /** Lets those that were stalled, and have not come back since, read again. */
  public void resume() {
    loop.run(
        () ->
            members.stream()
                .filter(member -> !member.isReading())
                .forEach(member -> member.read(true)));
  }

  /**
   * The latency that this part of the deliveries did not exceed, in ms, since it was last reset.
   */
  public double latencyMillis(double part) {
    return loop.call(() -> latency.at(part) * 1e-6);
  }

  /** Forgets the latencies so far. */
  public void resetLatency() {
    loop.run(latency::clear);
  }

  /**
   * Stops publishing, waits until all members are in and nothing comes any more, and judges.
   *
   * @param atMost how long it may take to become quiet
   */
  public Verdict finish(Duration atMost) throws InterruptedException {
    stop();
    long until = System.nanoTime() + atMost.toNanos();
    long last = -1;
    long quiet = 0;
    while (System.nanoTime() < until && quiet < QUIET_MILLIS) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS * 5);
      Counts now = counts();
      boolean same = now.delivered() + now.held() == last && now.joined() == members.size();
      quiet = same && waiting() == 0 ? quiet + POLL_MILLIS * 5 : 0;
      last = now.delivered() + now.held();
    }
    return loop.call(ledger::audit);
  }

  private int waiting() {
    return loop.call(() -> publishers.stream().mapToInt(LedgerPublisher::waiting).sum());
  }

  /** Ends all connections, and the loop with them. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    loop.run(
        () -> {
          ending = true;
          publishing = false;
          members.forEach(member -> member.link().drop("the end"));
          publishers.forEach(publisher -> publisher.link().drop("the end"));
        });
    try {
      await(() -> loop.call(loop::connections) == 0, CLOSING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close();
  }
}
