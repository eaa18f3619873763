package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RateTest {

  @Test
  void aFullBucketGivesItsBurstAndThenNothing() {
    for (int burst : new int[] {1, 2, 200}) {
      assertThat(taken(0, 5_000, 100, burst, 1000)).isEqualTo(burst);
    }
    assertThat(rate(1, 1).take(0, 0, 2)).isEqualTo(Rate.EMPTY);
  }

  @Test
  void tokensComeBackAtTheirRateAndNoFasterThanTheBucketHolds() {
    for (int rate : new int[] {1, 3, 7, 100, 1000, 50_000}) {
      long state = drained(rate, 10);
      int got = 0;
      for (long now = 1; now <= 10_000; now++) {
        long next;
        while ((next = rate(rate, 10).take(state, now, 1)) != Rate.EMPTY) {
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
    assertThat(rate(10, 5).take(state, 99, 1)).isEqualTo(Rate.EMPTY);
    assertThat(rate(10, 5).take(state, 100, 1)).isNotEqualTo(Rate.EMPTY);
  }

  @Test
  void holdsForVeryLateTimesAndVeryLargeBuckets() {
    long late = 1L << 40;
    assertThat(taken(0, late, 100, 200, 1000)).isEqualTo(200);
    assertThat(taken(0, late, 1, Integer.MAX_VALUE, 1000)).isEqualTo(1000);
  }

  @Test
  void theMachinesClockIsNeverBeforeZero() {
    // A bucket that was never used has the state 0: it must not lie in the future.
    assertThat(Time.SYSTEM.millis()).isBetween(0L, 3_600_000L);
  }

  @Test
  void saysWhenItIsWorthAnotherTry() {
    for (int most : new int[] {1, 3, 100, 7777}) {
      for (long per : new long[] {1000, 10_000, 3_600_000}) {
        Rate rate = new Rate(most, per, most);
        long state = 0;
        for (long next; (next = rate.take(state, 50, 1)) != Rate.EMPTY; ) {
          state = next;
        }
        long wait = rate.waitMillis(state, 50, 1);
        assertThat(wait).isBetween(1L, per / most + 1);
        assertThat(rate.take(state, 50 + wait, 1)).isNotEqualTo(Rate.EMPTY);
        assertThat(wait == 1 || rate.take(state, 50 + wait - 2, 1) == Rate.EMPTY).isTrue();
      }
    }
  }

  @Test
  void takesManyAtOnceAsIfTheyCameOneByOne() {
    Rate bytes = new Rate(1 << 30, 1000, Integer.MAX_VALUE);
    long state = bytes.take(0, 0, Integer.MAX_VALUE);
    assertThat(state).isNotEqualTo(Rate.EMPTY);
    assertThat(bytes.take(state, 0, 1024)).isEqualTo(Rate.EMPTY);
    assertThat(bytes.take(state, 1, 1 << 20)).isNotEqualTo(Rate.EMPTY);
    assertThat(bytes.waitMillis(state, 0, 1 << 30)).isEqualTo(1000);
    assertThat(Rate.full(state, 1999)).isFalse();
    assertThat(Rate.full(state, 2000)).isTrue();
  }

  @Test
  void sharesGiveNoMoreThanTheWhole() {
    Rate whole = rate(100, 200);
    assertThat(whole.share(3)).isEqualTo(rate(33, 66));
    assertThat(whole.share(1)).isEqualTo(whole);
    assertThat(rate(2, 2).share(5)).isEqualTo(rate(1, 1));
    assertThat(Rate.NONE.share(5)).isEqualTo(Rate.NONE);
  }

  private static Rate rate(int most, int atOnce) {
    return new Rate(most, 1000, atOnce);
  }

  private static long drained(int rate, int burst) {
    long state = 0;
    for (int i = 0; i < burst; i++) {
      state = rate(rate, burst).take(state, 0, 1);
    }
    return state;
  }

  private static int taken(long state, long now, int rate, int burst, int most) {
    int got = 0;
    for (long next; got < most && (next = rate(rate, burst).take(state, now, 1)) != Rate.EMPTY; ) {
      state = next;
      got++;
    }
    return got;
  }
}
