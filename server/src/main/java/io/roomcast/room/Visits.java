package io.roomcast.room;

/**
 * Hears who becomes a member of which room on this node, and who ceases to be one. Called on lanes,
 * for one session in order; returns at once and never throws.
 */
public interface Visits {
  /**
   * Somebody has joined.
   *
   * @param user whose session it is; empty for nobody in particular
   * @param session its name
   */
  void joined(String room, String user, String session);

  /** Somebody has left, or has gone. */
  void left(String room, String user, String session);

  /** Whether anybody listens: names are made up only then. */
  boolean wanted();

  /** Nobody listens. */
  Visits NONE =
      new Visits() {
        @Override
        public void joined(String room, String user, String session) {}

        @Override
        public void left(String room, String user, String session) {}

        @Override
        public boolean wanted() {
          return false;
        }
      };
}
