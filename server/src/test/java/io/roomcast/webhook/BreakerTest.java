package io.roomcast.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BreakerTest {
  private final ManualTime time = new ManualTime();
  private final Breaker breaker = new Breaker(time);

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(breaker.allows()).isTrue();
      breaker.failed();
    }
  }

  @Test
  void opensAfterFailuresInARowOnly() {
    fail(Breaker.FAILURES - 1);
    assertThat(breaker.allows()).isTrue();
    breaker.answered();
    fail(Breaker.FAILURES);
    assertThat(breaker.open()).isTrue();
    assertThat(breaker.allows()).isFalse();
  }

  @Test
  void letsOneTryAfterThePause() {
    fail(Breaker.FAILURES);
    time.advance(Duration.ofMillis(Breaker.PAUSE_MILLIS - 1));
    assertThat(breaker.allows()).isFalse();
    time.advance(Duration.ofMillis(1));
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.allows()).isFalse();
    breaker.failed();
    assertThat(breaker.allows()).isFalse();
    time.advance(Duration.ofMillis(Breaker.PAUSE_MILLIS));
    assertThat(breaker.allows()).isTrue();
    breaker.answered();
    assertThat(breaker.open()).isFalse();
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.allows()).isTrue();
  }
}
