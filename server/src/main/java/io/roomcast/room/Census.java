package io.roomcast.room;

import java.util.List;

/**
 * How much users have on all nodes together. A node states its own part when that has changed, and
 * is told the others' in return. What a node that is gone had stated is forgotten within {@value
 * #FORGET_SECONDS} s.
 *
 * <p>While others cannot be reached nothing is told, what was told last holds, and everything is
 * stated again later.
 */
public interface Census {
  /** After which a node that says nothing more counts for nothing. */
  int FORGET_SECONDS = 15;

  /** Begins. Called once. */
  void start(Local local);

  /** What this node has of a user has changed. From any thread; returns at once. */
  void changed(String user);

  /** One node alone. */
  Census NONE =
      new Census() {
        @Override
        public void start(Local local) {}

        @Override
        public void changed(String user) {}
      };

  /**
   * What a node has of a user.
   *
   * @param rooms that its sessions are in, each on its own
   */
  record Counts(int connections, int rooms) {
    /** Nothing. */
    public static final Counts NOTHING = new Counts(0, 0);
  }

  /**
   * What other nodes have of a user.
   *
   * @param nodes how many of them have any connection
   */
  record Elsewhere(int connections, int rooms, int nodes) {
    /** Nothing. */
    public static final Elsewhere NOTHING = new Elsewhere(0, 0, 0);
  }

  /** This node's part. Called from the census' own thread. */
  interface Local {
    /** What there is of a user now; to be answered before the next one of the same user. */
    Statement state(String user);

    /** All users who have a connection. */
    List<String> users();
  }

  /** A part that is being stated. */
  interface Statement {
    Counts counts();

    /** Others have been told, and have this much. Not called when they could not be. */
    void told(Elsewhere others);

    /** Others could not be told: what was news still is. */
    void failed();
  }
}
