package io.roomcast.room;

/** Hears how a join ended. */
@FunctionalInterface
public interface JoinCallback {
  /**
   * Called once, on the session's lane.
   *
   * @param start what the new member begins with; {@link JoinStart#NOW} when it did not join
   */
  void done(JoinOutcome outcome, JoinStart start);
}
