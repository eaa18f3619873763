package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the server says, to the very byte. */
final class OutputTest {
  private static final List<String> NASTY =
      List.of("r", "\"},{\"", "\\", "a\\\"b", "</script>", "é€\ud83d\ude00", "\u00a0", "{\"a\":1}");

  @Test
  void aMessageIsTheFrameOfTheContract() {
    assertThat(text(Event.message("room1", utf8("\"hi\""), "")))
        .isEqualTo("{\"type\":\"message\",\"room\":\"room1\",\"message\":\"hi\"}");
    assertThat(text(Event.message("r", utf8("{ \"a\" : 1.0 }"), "ann")))
        .isEqualTo(
            "{\"type\":\"message\",\"room\":\"r\",\"message\":{ \"a\" : 1.0 },\"from\":\"ann\"}");
  }

  @Test
  void everyEventIsWellFormedWhateverTheNames() {
    for (String room : NASTY) {
      for (String from : NASTY) {
        wellFormed(Event.message(room, utf8("[1]"), from));
      }
      wellFormed(Event.message(room, utf8("null"), ""));
      assertThat(text(Event.message(room, utf8("null"), "")))
          .startsWith(text(Event.messagePrefix(room)) + "null");
      wellFormed(Event.gap(room, 1, 2, "broker"));
    }
    assertThat(text(Event.gap("r", 1, 2, "overload")))
        .isEqualTo(
            "{\"type\":\"gap\",\"room\":\"r\",\"since\":1,\"until\":2,\"reason\":\"overload\"}");
  }

  @Test
  void repliesCarryTheIdAsItStood() {
    for (String id : List.of("", "0", "-17", "\"\"", "\"a\\u0041\\\"\"", "\"é\"")) {
      String start = id.isEmpty() ? "" : ",\"id\":" + id;
      assertThat(text(Reply.pong(id))).isEqualTo("{\"type\":\"pong\"" + start + "}");
      for (String room : NASTY) {
        for (byte[] reply :
            List.of(
                Reply.subscribed(id, room, new Position(room, 7)),
                Reply.subscribed(id, room, Position.NONE, false),
                Reply.unsubscribed(id, room),
                Reply.sent(id, room, Position.NONE, false),
                Reply.connected(id, room, room),
                Reply.error(id, ErrorCode.INTERNAL, room))) {
          wellFormed(reply);
          assertThat(text(reply)).matches("\\{\"type\":\"[a-z]+\".*").contains("\"" + start);
        }
      }
    }
    assertThat(text(Reply.subscribed("1", "r", Position.NONE)))
        .isEqualTo("{\"type\":\"subscribed\",\"id\":1,\"room\":\"r\"}");
    assertThat(text(Reply.subscribed("", "r", Position.NONE, false)))
        .isEqualTo("{\"type\":\"subscribed\",\"room\":\"r\",\"recovered\":false}");
    assertThat(text(Reply.error("3", ErrorCode.FORBIDDEN, "no")))
        .isEqualTo(
            "{\"type\":\"error\",\"id\":3,\"code\":1403,\"error\":\"forbidden\",\"text\":\"no\","
                + "\"temporary\":false}");
  }

  @Test
  void aDisconnectInvitesBackOnlyWhereThatMakesSense() {
    assertThat(text(Reply.disconnect(CloseCode.GOING_AWAY, "bye", 1500)))
        .isEqualTo(
            "{\"type\":\"disconnect\",\"code\":1001,\"text\":\"bye\",\"reconnect\":true,"
                + "\"after\":1500}");
    assertThat(text(Reply.disconnect(CloseCode.TOO_MANY_ERRORS, "bye", 1500)))
        .isEqualTo("{\"type\":\"disconnect\",\"code\":4500,\"text\":\"bye\",\"reconnect\":false}");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static void wellFormed(byte[] json) {
    assertThat(Json.isValue(json, 0, json.length)).as(text(json)).isTrue();
  }
}
