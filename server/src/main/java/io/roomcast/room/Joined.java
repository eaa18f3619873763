package io.roomcast.room;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that one session has joined or asked to join, and its place in each. They are few, and
 * searched in turn. Belongs to the lane's thread.
 */
final class Joined {
  private static final Room[] NO_ROOMS = {};
  private static final int[] NO_PLACES = {};

  private @Nullable Room[] rooms = NO_ROOMS;
  private int[] places = NO_PLACES;
  private int count;

  int count() {
    return count;
  }

  /** The one that came last; there must be one. */
  Room last() {
    Room room = rooms[count - 1];
    if (room == null) {
      throw new IllegalStateException("no room");
    }
    return room;
  }

  /** Does something for each, those that came last first; they may be removed by it. */
  void forEach(Consumer<Room> action) {
    for (int i = count - 1; i >= 0; i--) {
      Room room = i < count ? rooms[i] : null;
      if (room != null) {
        action.accept(room);
      }
    }
  }

  /** See {@link Session#placeIn}. */
  int placeIn(Room room) {
    int at = find(room);
    return at < 0 ? Session.NONE : places[at];
  }

  void put(Room room, int place) {
    int at = find(room);
    if (at >= 0) {
      places[at] = place;
      return;
    }
    if (count == rooms.length) {
      int more = count == 0 ? 1 : count * 2;
      rooms = Arrays.copyOf(rooms, more);
      places = Arrays.copyOf(places, more);
    }
    rooms[count] = room;
    places[count] = place;
    count++;
  }

  /** Answers whether it was there. */
  boolean remove(Room room) {
    int at = find(room);
    if (at < 0) {
      return false;
    }
    count--;
    rooms[at] = rooms[count];
    places[at] = places[count];
    rooms[count] = null;
    return true;
  }

  private int find(Room room) {
    for (int i = 0; i < count; i++) {
      if (rooms[i] == room) {
        return i;
      }
    }
    return -1;
  }
}
