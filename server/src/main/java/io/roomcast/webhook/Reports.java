package io.roomcast.webhook;

import io.roomcast.protocol.Json;
import io.roomcast.room.Occupancy;
import io.roomcast.room.Occupancy.Turn;
import io.roomcast.room.Time;
import io.roomcast.room.Visits;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator's program who joins and leaves rooms on this node, and which rooms get their
 * first member and lose their last: as CloudEvents, in batches, in the order in which it hears of
 * them, each at least once. What was not taken is sent again, after a pause that grows from {@value
 * #FIRST_MILLIS} ms to {@value #LAST_MILLIS} ms, until it is.
 *
 * <p>At most {@value #MOST_WAITING} events wait; what is too much is counted, and told in an event
 * of its own. Who joined and left is lost when the node ends before it was told; what became of
 * rooms is not, where {@link Occupancy} has other nodes to give it to.
 */
final class Reports implements Visits, AutoCloseable {
  static final int MOST_WAITING = 16 * 1024;

  /** Events in one request. */
  static final int BATCH = 100;

  static final long FIRST_MILLIS = 250;
  static final long LAST_MILLIS = 30_000;

  /** For what still waits, at the end. */
  private static final long CLOSE_MILLIS = 2000;

  private static final String TYPE = "io.roomcast.";
  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  private final Hook hook;
  private final String node;
  private final Time time;
  private final Counts counts;
  private final String begin = UUID.randomUUID().toString();
  private final Thread thread;

  /** Guarded by itself, with the two below. */
  private final ArrayDeque<Event> waiting = new ArrayDeque<>();

  private long lost;
  private boolean closed;

  /** The thread's own. */
  private long number;

  /** What is to be told. */
  private sealed interface Event {}

  private record Visit(boolean joined, String room, String user, String session, long millis)
      implements Event {}

  /** Of a room, and what is to happen when that was told. */
  private record Turned(Turn turn, Runnable told, long millis) implements Event {}

  /** One request. */
  private record Batch(String body, int size, List<Runnable> told) {}

  Reports(Hook hook, String node, Time time, Counts counts) {
    this.hook = hook;
    this.node = node;
    this.time = time;
    this.counts = counts;
    this.thread = Thread.ofPlatform().daemon().name("roomcast-webhook").unstarted(this::run);
    thread.start();
  }

  @Override
  public boolean wanted() {
    return true;
  }

  @Override
  public void joined(String room, String user, String session) {
    offer(new Visit(true, room, user, session, time.wallMillis()));
  }

  @Override
  public void left(String room, String user, String session) {
    offer(new Visit(false, room, user, session, time.wallMillis()));
  }

  /**
   * A room has got its first member, or lost its last.
   *
   * @param told is called when the program has taken it, or when it is given up since too much
   *     waits; not when the end comes before
   */
  void turned(Turn turn, Runnable told) {
    if (!offer(new Turned(turn, told, time.wallMillis()))) {
      told.run();
    }
  }

  /** Returns whether it waits now, or may wait elsewhere. */
  private boolean offer(Event event) {
    synchronized (waiting) {
      if (closed && event instanceof Turned) {
        return true;
      }
      if (waiting.size() == MOST_WAITING || closed) {
        lost++;
        counts.add(Counts.Result.LOST);
        return false;
      }
      waiting.add(event);
      if (waiting.size() == 1) {
        waiting.notifyAll();
      }
      return true;
    }
  }

  /** How many wait. */
  int waiting() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  private void run() {
    try {
      Batch batch = take();
      while (batch.size() > 0) {
        deliver(batch);
        batch.told().forEach(Runnable::run);
        batch = take();
      }
    } catch (InterruptedException e) {
      LOG.debug("ended");
    }
  }

  /** Waits for events, and takes some; none when there are none and it is over. */
  private Batch take() throws InterruptedException {
    List<Event> events = new ArrayList<>();
    long gone;
    synchronized (waiting) {
      while (waiting.isEmpty() && lost == 0 && !closed) {
        waiting.wait();
      }
      Event event;
      while (events.size() < BATCH && (event = waiting.poll()) != null) {
        events.add(event);
      }
      // Told behind what waited before it.
      gone = waiting.isEmpty() ? lost : 0;
      lost -= gone;
    }
    List<String> all = new ArrayList<>();
    List<Runnable> told = new ArrayList<>();
    for (Event event : events) {
      switch (event) {
        case Visit visit -> all.add(json(visit));
        case Turned turned -> {
          all.add(json(turned));
          told.add(turned.told());
        }
      }
    }
    if (gone > 0) {
      all.add(json("reports.lost", id(), "", "", ",\"count\":" + gone, time.wallMillis()));
    }
    return new Batch("[" + String.join(",", all) + "]", all.size(), told);
  }

  private String json(Visit visit) {
    StringBuilder who = new StringBuilder(",\"user\":");
    Json.quote(visit.user(), who);
    who.append(",\"session\":");
    Json.quote(visit.session(), who);
    String type = visit.joined() ? "member.joined" : "member.left";
    return json(type, id(), "", visit.room(), who.toString(), visit.millis());
  }

  private String json(Turned turned) {
    Turn turn = turned.turn();
    // As text, which receivers may compare as it is.
    String sequence = "%016d".formatted(turn.sequence());
    String type = turn.filled() ? "room.filled" : "room.emptied";
    String order = ",\"sequence\":\"" + sequence + "\"";
    return json(type, sequence, order, turn.room(), "", turned.millis());
  }

  private String id() {
    return begin + "-" + ++number;
  }

  private String json(String type, String id, String more, String room, String data, long millis) {
    StringBuilder out = new StringBuilder("{\"specversion\":\"1.0\",\"id\":\"").append(id);
    out.append("\",\"source\":");
    Json.quote("/roomcast/" + node, out);
    out.append(",\"type\":\"").append(TYPE).append(type);
    out.append("\",\"time\":\"").append(Instant.ofEpochMilli(millis)).append('"');
    if (!room.isEmpty()) {
      out.append(",\"subject\":");
      Json.quote(room, out);
    }
    out.append(more).append(",\"datacontenttype\":\"application/json\",\"data\":{\"node\":");
    Json.quote(node, out);
    if (!room.isEmpty()) {
      out.append(",\"room\":");
      Json.quote(room, out);
    }
    return out.append(data).append("}}").toString();
  }

  private void deliver(Batch batch) throws InterruptedException {
    byte[] body = batch.body().getBytes(StandardCharsets.UTF_8);
    long pause = FIRST_MILLIS;
    while (!taken(body)) {
      counts.add(Counts.Result.FAILED);
      if (pause == FIRST_MILLIS) {
        LOG.warn("the webhook at {} does not take reports; trying again", hook.name());
      }
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
      pause = Math.min(2 * pause, LAST_MILLIS);
    }
    counts.add(Counts.Result.REPORTED, batch.size());
  }

  private boolean taken(byte[] body) throws InterruptedException {
    try {
      HttpResponse<byte[]> response = hook.post("application/cloudevents-batch+json", body).get();
      return response.statusCode() / 100 == 2;
    } catch (ExecutionException | java.util.concurrent.CancellationException e) {
      return false;
    }
  }

  /** Takes no more, and waits a moment for what is there to be taken. */
  @Override
  public void close() {
    synchronized (waiting) {
      closed = true;
      waiting.notifyAll();
    }
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
