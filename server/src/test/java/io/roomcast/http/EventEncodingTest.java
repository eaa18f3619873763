package io.roomcast.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.room.Publication;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventEncodingTest {

  private static String encode(String... json) {
    EventEncoding.Events events =
        EventEncoding.INSTANCE.encode(
            Arrays.stream(json).map(j -> new Publication("r", j.getBytes(UTF_8), "")).toList());
    try {
      return events.bytes().toString(UTF_8);
    } finally {
      events.release();
      assertThat(events.bytes().refCnt()).isZero();
    }
  }

  @Test
  void aBatchIsOneRunOfEvents() {
    assertThat(encode("{\"a\":1}", "[\"ü\"]")).isEqualTo("data: {\"a\":1}\n\ndata: [\"ü\"]\n\n");
  }

  @ParameterizedTest
  @CsvSource({
    "[1\\n], data: [1|data: ]||",
    "[1\\r], data: [1|data: ]||",
    "[1\\r\\n], data: [1|data: |data: ]||",
    "\\n1\\n, data: |data: 1|data: ||",
  })
  void everyEndOfALineBeginsANewOne(String json, String lines) {
    assertThat(encode(json.replace("\\n", "\n").replace("\\r", "\r")))
        .isEqualTo(lines.replace('|', '\n'));
  }
}
