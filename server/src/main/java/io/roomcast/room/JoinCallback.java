package io.roomcast.room;

/** Hears how a join ended. One of the two methods is called, once, on the session's lane. */
@FunctionalInterface
public interface JoinCallback {
  /** It ended so. */
  void done(JoinOutcome outcome);

  /** The session is a member, and begins with this. */
  default void joined(JoinStart start) {
    done(JoinOutcome.JOINED);
  }
}
