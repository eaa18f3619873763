package io.roomcast.load;

import java.util.Arrays;

/**
 * Counts of values by size, in 64 steps for each doubling: a percentile is at most 1.6 % too high.
 * Fixed memory, no allocation. For one thread.
 */
final class Histogram {
  private static final int STEP_BITS = 6;
  private static final int EXACT = 2 << STEP_BITS;

  private final long[] counts = new long[(64 - STEP_BITS) << STEP_BITS];
  private long count;
  private long max;

  /** Adds a value; what is below zero counts as zero. */
  void add(long value) {
    long v = Math.max(value, 0);
    counts[slot(v)]++;
    count++;
    if (v > max) {
      max = v;
    }
  }

  void clear() {
    Arrays.fill(counts, 0);
    count = 0;
    max = 0;
  }

  long count() {
    return count;
  }

  /** The greatest value, exactly; 0 when there is none. */
  long max() {
    return max;
  }

  /**
   * The value that the given part of all values does not exceed; 0 when there is none.
   *
   * @param part from 0 to 1
   */
  long at(double part) {
    long wanted = Math.max(1, (long) Math.ceil(part * count));
    long seen = 0;
    for (int slot = 0; slot < counts.length; slot++) {
      seen += counts[slot];
      if (seen >= wanted) {
        return Math.min(top(slot), max);
      }
    }
    return max;
  }

  private static int slot(long value) {
    if (value < EXACT) {
      return (int) value;
    }
    int shift = 63 - STEP_BITS - Long.numberOfLeadingZeros(value);
    return (shift << STEP_BITS) + (int) (value >>> shift);
  }

  /** The greatest value that falls into the slot. */
  private static long top(int slot) {
    if (slot < EXACT) {
      return slot;
    }
    int shift = (slot >>> STEP_BITS) - 1;
    long steps = slot - ((long) shift << STEP_BITS);
    return ((steps + 1) << shift) - 1;
  }
}
