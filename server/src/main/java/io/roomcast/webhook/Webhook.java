package io.roomcast.webhook;

import io.roomcast.room.Authenticator;
import io.roomcast.room.Gate;
import io.roomcast.room.Occupancy;
import io.roomcast.room.Time;
import io.roomcast.room.Visits;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A program of the operator's at a URL, which decides and is told. One for each server.
 *
 * <p>Thread-safe; nothing here keeps an event loop waiting.
 */
public final class Webhook implements AutoCloseable {
  private final Hook hook;
  private final Decisions decisions;
  private final Counts counts = new Counts();
  private final @Nullable Reports reports;
  private final Visits visits;

  /**
   * Makes it.
   *
   * @param url {@code https://…}, or {@code http://…} within a network that is trusted
   * @param secret signs what is sent, at least 32 characters
   * @param within how long an answer may take
   * @param rooms whether to report rooms that fill and empty
   * @param members whether to report who joins and leaves
   * @param node this node's name
   * @throws IllegalArgumentException when the address is none
   */
  public Webhook(
      String url,
      String secret,
      Duration within,
      boolean rooms,
      boolean members,
      String node,
      Time time) {
    hook = new Hook(address(url), secret, within, time);
    decisions = new Decisions(hook, time, counts);
    Reports telling = rooms || members ? new Reports(hook, node, time, counts) : null;
    reports = telling;
    if (telling == null) {
      visits = Visits.NONE;
    } else {
      visits = rooms ? new Rooms(telling, members) : telling;
    }
  }

  /**
   * Begins to tell of rooms. Called before anybody joins, and does nothing where that is not
   * wanted.
   *
   * @param occupancy is started here, and closed with this; the backend's own is closed after that
   */
  public void start(Occupancy occupancy) {
    if (visits instanceof Rooms rooms) {
      rooms.start(occupancy);
    }
  }

  /**
   * An address as it must be.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static URI address(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      uri = URI.create("");
    }
    String scheme = String.valueOf(uri.getScheme());
    if ((!scheme.equals("https") && !scheme.equals("http")) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "the webhook must be https://host/path, or http:// in a network of one's own");
    }
    return uri;
  }

  /** Says who a token speaks for. */
  public Authenticator authenticator() {
    return decisions;
  }

  /** Decides in rooms whose rules say {@code webhook}. */
  public Gate gate() {
    return decisions;
  }

  /** Is told who joins and leaves. */
  public Visits visits() {
    return visits;
  }

  /** What became of questions and reports, by the words of the metric. */
  public Map<String, LongAdder> counts() {
    return counts.byWord();
  }

  /** Events that wait to be reported. */
  public int waiting() {
    return reports == null ? 0 : reports.waiting();
  }

  @Override
  public void close() {
    if (visits instanceof Rooms rooms) {
      rooms.close();
    } else if (reports != null) {
      reports.close();
    }
    hook.close();
  }
}
