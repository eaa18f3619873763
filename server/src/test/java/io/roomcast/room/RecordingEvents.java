package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** Writes down what a broker says, in its order. Thread-safe. */
public final class RecordingEvents implements Broker.Events {
  private final List<RoomEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final List<DropReason> drops = Collections.synchronizedList(new ArrayList<>());
  private volatile int interruptions;

  /** All events so far. */
  public List<RoomEvent> all() {
    synchronized (events) {
      return new ArrayList<>(events);
    }
  }

  /** How many events so far. */
  public int count() {
    return events.size();
  }

  /** Events of one room so far: a publication's JSON, or {@code subscribed <ticket>}. */
  public List<String> of(String room) {
    return all().stream()
        .filter(event -> event.room().equals(room))
        .map(RecordingEvents::text)
        .toList();
  }

  private static String text(RoomEvent event) {
    return switch (event) {
      case Publication publication -> new String(publication.json(), UTF_8);
      case RoomEvent.Subscribed subscribed -> "subscribed " + subscribed.ticket();
      case RoomEvent.Present present ->
          (present.event().joined() ? "joined " : "left ")
              + present.event().user()
              + (present.event().info().isEmpty() ? "" : " " + present.event().info());
    };
  }

  /** What was dropped so far. */
  public List<DropReason> drops() {
    synchronized (drops) {
      return new ArrayList<>(drops);
    }
  }

  /** How often delivery stopped. */
  public int interruptions() {
    return interruptions;
  }

  /** Forgets what was said so far. */
  public void clear() {
    events.clear();
    drops.clear();
  }

  @Override
  public void onEvent(RoomEvent event) {
    events.add(event);
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // Called by one thread.
  public void onInterrupted(Predicate<String> stopped) {
    interruptions++;
  }

  @Override
  public void onDropped(DropReason reason) {
    drops.add(reason);
  }
}
