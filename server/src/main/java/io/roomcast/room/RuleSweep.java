package io.roomcast.room;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.Executor;

/**
 * Tells the rooms of a lane that other rules hold, some of them in a turn, so that the lane's
 * sockets do not wait for all. Belongs to the lane's thread.
 */
final class RuleSweep implements Runnable {
  /** Rooms in one turn. */
  static final int SLICE = 1024;

  private final Lane lane;
  private final Executor later;
  private final ArrayDeque<Room> rooms;

  RuleSweep(Lane lane, Executor later, Collection<Room> rooms) {
    this.lane = lane;
    this.later = later;
    this.rooms = new ArrayDeque<>(rooms);
  }

  @Override
  public void run() {
    Room room;
    for (int n = 0; n < SLICE && (room = rooms.poll()) != null; n++) {
      // By what holds now: the rules may have changed again meanwhile.
      if (lane.find(room.name()) == room) {
        room.follow(lane.hub().rulebook().of(room.name()));
      }
    }
    lane.flush();
    if (!rooms.isEmpty()) {
      later.execute(this);
    }
  }
}
