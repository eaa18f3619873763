package io.roomcast.room;

/** Hears how a join ended. */
@FunctionalInterface
public interface JoinCallback {
  /** Called once, on the session's lane. */
  void done(JoinOutcome outcome);
}
