package io.roomcast.room;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done for a session when it is no longer waiting to join a room. Belongs to the
 * lane's thread.
 */
final class Held {
  private static final int MOST = 64;

  private record Action(Room room, Runnable task) {}

  private List<Action> actions = new ArrayList<>(4);

  /**
   * Keeps something for a room.
   *
   * @return false when {@value #MOST} wait already
   */
  boolean hold(Room room, Runnable task) {
    return actions.size() < MOST && actions.add(new Action(room, task));
  }

  /**
   * Does what was kept for a room, in order; what that holds anew stays.
   *
   * @return whether nothing is left
   */
  boolean release(Room room) {
    List<Action> all = actions;
    actions = new ArrayList<>(4);
    for (Action one : all) {
      if (one.room() != room) {
        actions.add(one);
      }
    }
    for (Action one : all) {
      if (one.room() == room) {
        one.task().run();
      }
    }
    return actions.isEmpty();
  }
}
