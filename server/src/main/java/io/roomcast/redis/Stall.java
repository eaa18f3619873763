package io.roomcast.redis;

/**
 * Notices that something is awaited and nothing comes. Counts ticks and not time, so that a pause
 * of this process, in which answers arrive and cannot be read, is not taken for silence.
 */
final class Stall {
  private final int ticks;
  private int silent;
  private long seen;

  /** Takes so many silent ticks for a stall. */
  Stall(int ticks) {
    this.ticks = ticks;
  }

  /**
   * Called at each tick.
   *
   * @param waiting whether anything is awaited
   * @param progress a number that changes whenever something comes
   */
  boolean tick(boolean waiting, long progress) {
    if (!waiting || progress != seen) {
      seen = progress;
      silent = 0;
      return false;
    }
    silent++;
    return silent >= ticks;
  }

  /** Begins anew. */
  void reset() {
    silent = 0;
  }
}
