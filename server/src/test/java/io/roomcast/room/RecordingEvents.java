package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a broker says, in its order. Thread-safe. */
public final class RecordingEvents implements Broker.Events {
  private final List<RoomEvent> events = new CopyOnWriteArrayList<>();
  private final List<DropReason> drops = new CopyOnWriteArrayList<>();
  private volatile int interruptions;

  /** All events so far. */
  public List<RoomEvent> all() {
    return List.copyOf(events);
  }

  /** Events of one room so far: a publication's JSON, or {@code subscribed <ticket>}. */
  public List<String> of(String room) {
    return events.stream()
        .filter(event -> event.room().equals(room))
        .map(RecordingEvents::text)
        .toList();
  }

  private static String text(RoomEvent event) {
    return switch (event) {
      case Publication publication -> new String(publication.json(), UTF_8);
      case RoomEvent.Subscribed subscribed -> "subscribed " + subscribed.ticket();
    };
  }

  /** What was dropped so far. */
  public List<DropReason> drops() {
    return List.copyOf(drops);
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
  public void onInterrupted() {
    interruptions++;
  }

  @Override
  public void onDropped(DropReason reason) {
    drops.add(reason);
  }
}
