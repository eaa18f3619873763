package io.roomcast.room;

/**
 * What somebody may cost; 0 for what has no limit.
 *
 * @param connections WebSockets and event streams at a time
 * @param rooms rooms that its sessions are in, all together
 * @param commands a second, on average, and twice as many at once
 * @param bytes of messages and bodies that come in a second, on average, and twice as many at once;
 *     one of the largest size in any case
 * @param joins a second, on average, and twice as many at once
 */
public record Allowance(int connections, int rooms, int commands, int bytes, int joins) {
  /** Without limit. */
  public static final Allowance NONE = new Allowance(0, 0, 0, 0, 0);

  /** The largest of {@link #connections}, {@link #rooms}, {@link #commands} and {@link #joins}. */
  public static final int MOST = 10_000_000;

  /** The largest {@link #bytes}. */
  public static final int MOST_BYTES = 1 << 30;

  /** Makes it, and refuses what cannot work. */
  public Allowance {
    for (int number : new int[] {connections, rooms, commands, joins}) {
      if (number < 0 || number > MOST) {
        throw new IllegalArgumentException("an allowance must be 0 to " + MOST);
      }
    }
    if (bytes < 0 || bytes > MOST_BYTES) {
      throw new IllegalArgumentException("bytes must be 0 to " + MOST_BYTES);
    }
  }

  /** Whether anything is limited. */
  public boolean any() {
    return !equals(NONE);
  }
}
