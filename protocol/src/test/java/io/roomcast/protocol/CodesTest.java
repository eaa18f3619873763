package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The two closed lists. */
final class CodesTest {

  @Test
  void errorCodesAreUniqueAndInTheirRange() {
    assertThat(ErrorCode.values()).extracting(ErrorCode::code).doesNotHaveDuplicates();
    assertThat(ErrorCode.values()).extracting(ErrorCode::word).doesNotHaveDuplicates();
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(code.code()).as(code.name()).isBetween(1400, 1599);
      assertThat(code.word()).as(code.name()).matches("[a-z]+(_[a-z]+)*");
    }
  }

  @Test
  void closeCodesAreUniqueAndMayBeSent() {
    assertThat(CloseCode.values()).extracting(CloseCode::code).doesNotHaveDuplicates();
    for (CloseCode code : CloseCode.values()) {
      // 1004, 1005, 1006 and 1015 must not be sent (RFC 6455, 7.4.1).
      assertThat(code.code()).as(code.name()).isNotIn(1004, 1005, 1006, 1015);
      boolean ofTheRfc = code.code() >= 1000 && code.code() <= 1011;
      boolean ours = code.code() >= 4000 && code.code() <= 4999;
      assertThat(ofTheRfc || ours).as(code.name()).isTrue();
      assertThat(code.text()).as(code.name()).matches("[\\x20-\\x7e]{1,123}");
    }
  }

  @Test
  void theNumberSaysWhetherToComeBack() {
    for (CloseCode code : CloseCode.values()) {
      if (code.code() >= 4000) {
        assertThat(code.reconnect()).as(code.name()).isEqualTo(code.code() < 4500);
      }
    }
    assertThat(CloseCode.GOING_AWAY.reconnect()).isTrue();
    assertThat(CloseCode.PROTOCOL_ERROR.reconnect()).isFalse();
  }
}
