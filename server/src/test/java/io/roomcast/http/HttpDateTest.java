package io.roomcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HttpDateTest {
  @Test
  void isTheFormThatHttpAsksFor() {
    HttpDate date = new HttpDate();
    assertThat(date.at(784111777_999L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(date.at(784111778_000L)).isEqualTo("Sun, 06 Nov 1994 08:49:38 GMT");
    assertThat(date.at(784111777_000L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }
}
