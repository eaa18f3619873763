package io.roomcast.room;

/**
 * A token bucket in one number (the generic cell rate algorithm), so that a session needs no object
 * for each of its limits. The number is the time, in ms times 1024, at which the bucket is full
 * again; 0 is a full bucket.
 */
final class Pace {
  /** What {@link #take} answers when the bucket is empty. */
  static final long EMPTY = -1;

  private static final int SHIFT = 10;

  private Pace() {}

  /**
   * Takes one token.
   *
   * @param state what the last successful call gave, 0 at first
   * @param perSecond tokens that come back each second, at least 1
   * @param burst tokens in a full bucket, at least 1
   * @return the new state, or {@link #EMPTY} when there is no token; the old state then still holds
   */
  static long take(long state, long nowMillis, int perSecond, int burst) {
    long now = nowMillis << SHIFT;
    long each = (1000L << SHIFT) / perSecond;
    long full = Math.max(state, now) + each;
    return full - now > each * burst ? EMPTY : full;
  }
}
