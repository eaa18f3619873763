package io.roomcast.room;

/**
 * How fast something may happen: so often in a time on average, and so often at once after a pause.
 * A token bucket in one number (the generic cell rate algorithm), so that whoever is counted needs
 * no object for it. The number is the time, in ms times 2^20, at which the bucket is full again; 0
 * is a full bucket.
 *
 * @param most tokens that come back in the time; 0 for no limit
 * @param perMillis the time, ms
 * @param atOnce tokens in a full bucket
 */
public record Rate(long most, long perMillis, long atOnce) {
  /** Without limit. */
  public static final Rate NONE = new Rate(0, 1000, 0);

  /** The largest {@link #most} of what is counted by the piece. */
  public static final int MOST = 100_000;

  /** What {@link #take} answers when the bucket is empty. */
  static final long EMPTY = -1;

  private static final int SHIFT = 20;

  /** Makes it, and refuses what cannot work. */
  public Rate {
    if (most < 0 || most > Integer.MAX_VALUE || atOnce < 0 || atOnce > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a rate must be 0 to " + Integer.MAX_VALUE);
    }
    if (perMillis < 1 || (most > 0 && atOnce < 1)) {
      throw new IllegalArgumentException("a rate needs a time, and a token at least");
    }
    if (most > 0 && atOnce > Long.MAX_VALUE / 4 / (perMillis << SHIFT)) {
      throw new IllegalArgumentException("a rate of so many in so long a time");
    }
  }

  /** So many a second, and twice as many at once; 0 for no limit. */
  static Rate perSecond(long most) {
    return most == 0 ? NONE : new Rate(most, 1000, Math.min(2 * most, Integer.MAX_VALUE));
  }

  /** Whether it limits anything. */
  public boolean limited() {
    return most > 0;
  }

  /**
   * Takes tokens.
   *
   * @param state what the last successful call gave, 0 at first
   * @param amount how many, at most {@link #atOnce}: more are never there
   * @return the new state, or {@link #EMPTY} when there are not so many; the old state then holds
   */
  long take(long state, long nowMillis, long amount) {
    long now = nowMillis << SHIFT;
    long full = Math.max(state, now) + span(amount);
    return full - now > span(atOnce) ? EMPTY : full;
  }

  /** How long until {@link #take} may succeed, if nobody else takes any: at least 1 ms. */
  long waitMillis(long state, long nowMillis, long amount) {
    long now = nowMillis << SHIFT;
    long missing = Math.max(state, now) + span(amount) - now - span(atOnce);
    return Math.max(1, (missing + (1L << SHIFT) - 1) >> SHIFT);
  }

  /** Whether nothing is remembered by this state that a new one would not have. */
  static boolean full(long state, long nowMillis) {
    return state <= nowMillis << SHIFT;
  }

  /** The share of one among several that are to hold it together. */
  Rate share(int of) {
    if (!limited() || of <= 1) {
      return this;
    }
    return new Rate(Math.max(1, most / of), perMillis, Math.max(1, atOnce / of));
  }

  private long span(long amount) {
    return amount * (perMillis << SHIFT) / most;
  }
}
