package io.roomcast.room;

/** How a join ended. */
public enum JoinOutcome {
  /** The session is a member: every later message of the room reaches it. */
  JOINED,
  /** It left, or ended, before the broker had confirmed. */
  CANCELLED,
  /** It is in as many rooms as it may be. */
  TOO_MANY_ROOMS,
  /** The broker did not confirm in time. */
  UNAVAILABLE
}
