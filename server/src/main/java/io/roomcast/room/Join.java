package io.roomcast.room;

/** Somebody who waits to become a member, until a time of {@link Time#millis}. */
record Join(Session session, JoinFrom from, JoinCallback callback, long deadline) {
  /** The same with another deadline. */
  Join until(long millis) {
    return new Join(session, from, callback, millis);
  }
}
