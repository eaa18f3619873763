package io.roomcast.room;

import java.util.Collection;

/**
 * Which rooms have a member on any node: whoever makes a room turn, from empty to filled or back,
 * is given that to tell. A node states whether it has members in a room when that has changed; what
 * changes and changes back before it was stated is left out.
 *
 * <p>Each turn is given at least once, to one node, in the order of its room, and is given to
 * another one when the first is gone before it has said {@link #told}. Of a node that is gone
 * without a word the rooms are given up by those that live, within {@value #FORGET_SECONDS} s.
 *
 * <p>While others cannot be reached nothing is given; later everything is stated as it is then.
 */
public interface Occupancy extends AutoCloseable {
  /** After which a node that says nothing more has nobody in any room, while others live. */
  int FORGET_SECONDS = 20;

  /** Begins. Called once, before any other method. */
  void start(Local local);

  /** Whether this node has members in a room has changed. From any thread; returns at once. */
  void changed(String room);

  /** A turn that was given to this node was told, or given up. From any thread; returns at once. */
  void told(Turn turn);

  /** Waits for a moment, until what has changed is stated and what turned by it was given. */
  void settle();

  /**
   * Ends. What has not been told, and rooms that still have members here, are left to others. May
   * block for a moment.
   */
  @Override
  void close();

  /**
   * A room has got its first member on any node, or lost its last.
   *
   * @param sequence grows from turn to turn of all rooms; microseconds since the epoch, or a little
   *     ahead of them
   */
  record Turn(String room, boolean filled, long sequence) {}

  /** This node's part. Thread-safe; nothing of it blocks. */
  interface Local {
    /** Whether this node has a member in a room now. */
    boolean occupied(String room);

    /** The rooms that have one. */
    Collection<String> rooms();

    /** Is to be told by this node. */
    void turned(Turn turn);
  }
}
