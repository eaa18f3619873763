package io.roomcast.room;

/** Somebody who waits to become a member, until a time of {@link Time#millis}. */
record Join(Session session, JoinFrom from, JoinCallback callback, long deadline) {}
