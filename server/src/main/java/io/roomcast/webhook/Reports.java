package io.roomcast.webhook;

import io.roomcast.protocol.Json;
import io.roomcast.room.Time;
import io.roomcast.room.Visits;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator's program who joins and leaves rooms on this node, and which rooms get their
 * first member and lose their last: as CloudEvents, in batches, in order, each at least once. What
 * was not taken is sent again, after a pause that grows from {@value #FIRST_MILLIS} ms to {@value
 * #LAST_MILLIS} ms, until it is.
 *
 * <p>At most {@value #MOST_WAITING} events wait; what is too much is counted, and told in an event
 * of its own. What waits when the node ends without a word is lost.
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
  private final What what;
  private final String node;
  private final Time time;
  private final Counts counts;
  private final String begin = UUID.randomUUID().toString();
  private final Thread thread;

  /** Guarded by itself, with the two below. */
  private final ArrayDeque<Event> waiting = new ArrayDeque<>();

  private long lost;
  private boolean closed;

  /** Members of each room as far as they were reported; the thread's own. */
  private final Map<String, Integer> members = new HashMap<>();

  private long number;

  /** Which events are wanted. */
  record What(boolean rooms, boolean members) {
    boolean any() {
      return rooms || members;
    }
  }

  private record Event(boolean joined, String room, String user, String session, long millis) {}

  Reports(Hook hook, What what, String node, Time time, Counts counts) {
    this.hook = hook;
    this.what = what;
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
    offer(new Event(true, room, user, session, time.wallMillis()));
  }

  @Override
  public void left(String room, String user, String session) {
    offer(new Event(false, room, user, session, time.wallMillis()));
  }

  private void offer(Event event) {
    synchronized (waiting) {
      if (waiting.size() == MOST_WAITING || closed) {
        lost++;
        counts.add(Counts.Result.LOST);
        return;
      }
      waiting.add(event);
      if (waiting.size() == 1) {
        waiting.notifyAll();
      }
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
      List<String> batch = take();
      while (!batch.isEmpty()) {
        deliver(batch);
        batch = take();
      }
    } catch (InterruptedException e) {
      LOG.debug("ended");
    }
  }

  /** Waits for events, and takes some; none when there are none and it is over. */
  private List<String> take() throws InterruptedException {
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
    List<String> batch = new ArrayList<>();
    events.forEach(event -> tell(event, batch));
    if (gone > 0) {
      batch.add(json("reports.lost", "", ",\"count\":" + gone, time.wallMillis()));
    }
    return batch.isEmpty() && !events.isEmpty() ? take() : batch;
  }

  private void tell(Event event, List<String> batch) {
    int now = members.merge(event.room(), event.joined() ? 1 : -1, Integer::sum);
    if (now == 0) {
      members.remove(event.room());
    }
    if (what.rooms() && event.joined() && now == 1) {
      batch.add(json("room.filled", event.room(), "", event.millis()));
    }
    if (what.members()) {
      StringBuilder who = new StringBuilder(",\"user\":");
      Json.quote(event.user(), who);
      who.append(",\"session\":");
      Json.quote(event.session(), who);
      String type = event.joined() ? "member.joined" : "member.left";
      batch.add(json(type, event.room(), who.toString(), event.millis()));
    }
    if (what.rooms() && !event.joined() && now == 0) {
      batch.add(json("room.emptied", event.room(), "", event.millis()));
    }
  }

  private String json(String type, String room, String data, long millis) {
    StringBuilder out = new StringBuilder("{\"specversion\":\"1.0\",\"id\":\"").append(begin);
    out.append('-').append(++number).append("\",\"source\":");
    Json.quote("/roomcast/" + node, out);
    out.append(",\"type\":\"").append(TYPE).append(type);
    out.append("\",\"time\":\"").append(Instant.ofEpochMilli(millis)).append('"');
    if (!room.isEmpty()) {
      out.append(",\"subject\":");
      Json.quote(room, out);
    }
    out.append(",\"datacontenttype\":\"application/json\",\"data\":{\"node\":");
    Json.quote(node, out);
    if (!room.isEmpty()) {
      out.append(",\"room\":");
      Json.quote(room, out);
    }
    return out.append(data).append("}}").toString();
  }

  private void deliver(List<String> batch) throws InterruptedException {
    byte[] body = ("[" + String.join(",", batch) + "]").getBytes(StandardCharsets.UTF_8);
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
