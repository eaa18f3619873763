package io.roomcast.room;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Rooms that lost an event on one lane because its queue was full, with the wall time before which
 * nothing is missing where one cannot be had again. Messages of a log can: they are fetched.
 */
final class Overflow {
  private static final long FETCH = 0;

  private final Map<String, Long> rooms = new ConcurrentHashMap<>();

  /**
   * An event found the queue full. From any thread.
   *
   * @param evenWall before which nothing is missing
   */
  void lost(RoomEvent event, long evenWall) {
    boolean kept = event instanceof Publication publication && publication.logged();
    rooms.merge(
        event.room(), kept ? FETCH : evenWall, (before, now) -> before == FETCH ? now : before);
  }

  boolean any() {
    return !rooms.isEmpty();
  }

  /**
   * Takes each room out, and tells of it.
   *
   * @param told gets the room's name, and since when messages are missing; 0 when all are in the
   *     log
   */
  void take(BiConsumer<String, Long> told) {
    for (String name : List.copyOf(rooms.keySet())) {
      Long since = rooms.remove(name);
      if (since != null) {
        told.accept(name, since);
      }
    }
  }
}
