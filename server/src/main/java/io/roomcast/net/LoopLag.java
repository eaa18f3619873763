package io.roomcast.net;

/**
 * How late an event loop comes to what is due: the longest delay of its ticks, which fades by an
 * eighth with each later one. Written by the loop, read by anybody.
 */
final class LoopLag {
  private static final long SECOND = 1_000_000_000;

  private long last;
  private volatile long nanos;

  /** A second should have passed since the last call. */
  void tick(long now) {
    long late = last == 0 ? 0 : Math.max(0, now - last - SECOND);
    last = now;
    nanos = Math.max(late, nanos - nanos / 8);
  }

  double seconds() {
    return nanos / (double) SECOND;
  }
}
