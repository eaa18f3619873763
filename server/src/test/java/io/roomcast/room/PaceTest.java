package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaceTest {

  @Test
  void aFullBucketGivesItsBurstAndThenNothing() {
    for (int burst : new int[] {1, 2, 200}) {
      assertThat(taken(0, 5_000, 100, burst, 1000)).isEqualTo(burst);
    }
    assertThat(Pace.take(0, 0, 1, 0)).isEqualTo(Pace.EMPTY);
  }

  @Test
  void tokensComeBackAtTheirRateAndNoFasterThanTheBucketHolds() {
    for (int rate : new int[] {1, 3, 7, 100, 1000, 50_000}) {
      long state = drained(rate, 10);
      int got = 0;
      for (long now = 1; now <= 10_000; now++) {
        long next;
        while ((next = Pace.take(state, now, rate, 10)) != Pace.EMPTY) {
          state = next;
          got++;
        }
      }
      // A bucket of ten cannot give more than ten in a millisecond.
      double most = Math.min(rate, 10_000) * 10.0;
      assertThat((double) got).isBetween(most * 0.999 - 1, most * 1.001 + 1);
    }
    assertThat(taken(drained(100, 10), 60_000, 100, 10, 1000)).isEqualTo(10);
  }

  @Test
  void refusingTakesNothing() {
    long state = drained(10, 5);
    assertThat(Pace.take(state, 99, 10, 5)).isEqualTo(Pace.EMPTY);
    assertThat(Pace.take(state, 100, 10, 5)).isNotEqualTo(Pace.EMPTY);
  }

  @Test
  void holdsForVeryLateTimesAndVeryLargeBuckets() {
    long late = 1L << 45;
    assertThat(taken(0, late, 100, 200, 1000)).isEqualTo(200);
    assertThat(taken(0, late, 1, Integer.MAX_VALUE, 1000)).isEqualTo(1000);
  }

  @Test
  void theMachinesClockIsNeverBeforeZero() {
    // A bucket that was never used has the state 0: it must not lie in the future.
    assertThat(Time.SYSTEM.millis()).isBetween(0L, 3_600_000L);
  }

  private static long drained(int rate, int burst) {
    long state = 0;
    for (int i = 0; i < burst; i++) {
      state = Pace.take(state, 0, rate, burst);
    }
    return state;
  }

  private static int taken(long state, long now, int rate, int burst, int most) {
    int got = 0;
    for (long next; got < most && (next = Pace.take(state, now, rate, burst)) != Pace.EMPTY; ) {
      state = next;
      got++;
    }
    return got;
  }
}
