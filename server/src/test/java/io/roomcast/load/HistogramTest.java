package io.roomcast.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private final Histogram histogram = new Histogram();

  @Test
  void isExactForSmallValues() {
    LongStream.rangeClosed(1, 100).forEach(histogram::add);

    assertThat(histogram.at(0.5)).isEqualTo(50);
    assertThat(histogram.at(0.99)).isEqualTo(99);
    assertThat(histogram.at(1)).isEqualTo(100);
    assertThat(histogram.count()).isEqualTo(100);
  }

  @Test
  void staysWithinTwoPercentForLargeOnes() {
    long[] values = new Random(1).longs(10_000, 0, 60_000_000_000L).sorted().toArray();
    LongStream.of(values).forEach(histogram::add);

    for (double part : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
      long exact = values[(int) Math.ceil(part * values.length) - 1];
      assertThat(histogram.at(part))
          .isGreaterThanOrEqualTo(exact)
          .isCloseTo(exact, Percentage.withPercentage(2));
    }
  }

  @Test
  void takesTheGreatestAndTheLeastNumber() {
    histogram.add(Long.MAX_VALUE);
    histogram.add(-5);

    assertThat(histogram.max()).isEqualTo(Long.MAX_VALUE);
    assertThat(histogram.at(0.5)).isZero();
    assertThat(histogram.at(1)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void isEmptyAgainWhenCleared() {
    histogram.add(7);

    histogram.clear();

    assertThat(histogram.count()).isZero();
    assertThat(histogram.at(0.5)).isZero();
  }
}
