package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandReaderTest {

  @Test
  void everyCommandIsRead() {
    assertThat(one("{\"type\":\"SUBSCRIBE\",\"room\":\"r\"}"))
        .isEqualTo(new Command.Subscribe("", "r", Position.NONE, 0, ""));
    assertThat(
            one("{\"type\":\"SUBSCRIBE\",\"room\":\"r\",\"since\":{\"offset\":3,\"epoch\":\"e\"}}"))
        .isEqualTo(new Command.Subscribe("", "r", new Position("e", 3), 0, ""));
    assertThat(one("{\"type\":\"SUBSCRIBE\",\"room\":\"r\",\"last\":10}"))
        .isEqualTo(new Command.Subscribe("", "r", Position.NONE, 10, ""));
    assertThat(one("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r\",\"id\":1}"))
        .isEqualTo(new Command.Unsubscribe("1", "r"));
    assertThat(one("{\"type\":\"history\",\"room\":\"r\",\"id\":\"a\"}"))
        .isEqualTo(new Command.History("\"a\"", "r", Position.NONE, Long.MAX_VALUE, 100));
    assertThat(one("{\"type\":\"presence\",\"room\":\"r\"}"))
        .isEqualTo(new Command.Presence("", "r", false, "", 100));
    assertThat(
            one(
                "{\"type\":\"presence\",\"room\":\"r\",\"counts\":true,\"after\":\"u\","
                    + "\"limit\":7}"))
        .isEqualTo(new Command.Presence("", "r", true, "u", 7));
    assertThat(one("{\"type\":\"history\",\"room\":\"r\",\"before\":9,\"limit\":1}"))
        .isEqualTo(new Command.History("", "r", Position.NONE, 9, 1));
    assertThat(one("{\"type\":\"refresh\",\"token\":\"t\"}"))
        .isEqualTo(new Command.Refresh("", "t"));
    assertThat(one("{\"type\":\"ping\"}")).isEqualTo(new Command.Ping(""));
    assertThat(one("{\"type\":\"connect\"}")).isEqualTo(new Command.Connect("", "", "", ""));
    assertThat(one("{\"type\":\"connect\",\"name\":\"n\",\"session\":\"s\",\"token\":\"t\"}"))
        .isEqualTo(new Command.Connect("", "t", "s", "n"));
  }

  @Test
  void sendMessageIsReadInBothSpellingsAndAnyOrder() {
    for (String text :
        List.of(
            "{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":\"hi\"}",
            "{\"type\":\"sendMessage\",\"roomId\":\"r\",\"content\":\"hi\"}",
            "{\"message\":\"hi\",\"room\":\"r\",\"type\":\"sendMessage\"}",
            " { \"content\" : \"hi\" ,\n\"type\"\t: \"sendMessage\" , \"room\" : \"r\" } ")) {
      Command.Send send = (Command.Send) one(text);
      assertThat(send.room()).isEqualTo("r");
      assertThat(new String(send.message(), UTF_8)).isEqualTo("\"hi\"");
      assertThat(send.echo()).isTrue();
      assertThat(send.key()).isEmpty();
    }
    Command.Send send =
        (Command.Send)
            one(
                "{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":1,\"echo\":false,"
                    + "\"key\":\"k\",\"id\":7}");
    assertThat(send.echo()).isFalse();
    assertThat(send.key()).isEqualTo("k");
    assertThat(send.id()).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.0",
        "1e999",
        "-1E-999",
        "12345678901234567890123456789012345678901234567890",
        "\"\"",
        "\"a\\u0041\\n\\/\\\"\"",
        "\"\\ud800\"",
        "\"\u007f\u00e9\u20ac\ud83d\ude00\"",
        "[]",
        "{ }",
        "[ 1 ,\t2\r\n]",
        "{\"a\" : 1,\"a\":2 , \"\\u0061\":[{}]}",
        "{\"type\":\"UNSUBSCRIBE\",\"room\":7,\"id\":[]}"
      })
  void theMessageIsTakenByteForByte(String message) {
    for (String around : List.of("%s", " %s", "\n\t%s\r ", "%s,\"x\":{}")) {
      String text =
          "{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":" + around.formatted(message) + "}";
      assertThat(new String(((Command.Send) one(text)).message(), UTF_8)).isEqualTo(message);
    }
  }

  @Test
  void aMessageWithAVeryLongNumberNameOrStringIsTaken() {
    for (String message :
        List.of(
            "1".repeat(60_000),
            "{\"" + "n".repeat(60_000) + "\":1}",
            '"' + "é".repeat(30_000) + '"')) {
      Command.Send send =
          (Command.Send)
              one("{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":" + message + "}");
      assertThat(new String(send.message(), UTF_8)).isEqualTo(message);
    }
  }

  @Test
  void theFrameMayStandAnywhereInItsArray() {
    String text = "{\"id\":\"é\",\"message\":{\"ü\":1.0},\"room\":\"ö\",\"type\":\"sendMessage\"}";
    byte[] frame = text.getBytes(UTF_8);
    for (int offset : new int[] {0, 1, 3, 4096}) {
      byte[] bytes = new byte[offset + frame.length + 5];
      java.util.Arrays.fill(bytes, (byte) '[');
      System.arraycopy(frame, 0, bytes, offset, frame.length);
      Command.Send send = (Command.Send) CommandReader.read(bytes, offset, frame.length).get(0);
      assertThat(send.id()).isEqualTo("\"é\"");
      assertThat(send.room()).isEqualTo("ö");
      assertThat(new String(send.message(), UTF_8)).isEqualTo("{\"ü\":1.0}");
      java.util.Arrays.fill(bytes, (byte) 0);
      assertThat(send.message()[0]).as("keeps nothing of the array").isEqualTo((byte) '{');
    }
  }

  @Test
  void nestingIsTakenUpToTheBoundAndNotBeyond() {
    assertThat(one(nested(WireLimits.NESTING))).isInstanceOf(Command.Send.class);
    assertThat(rejected(nested(WireLimits.NESTING + 1)))
        .satisfies(r -> assertThat(r.code()).isEqualTo(ErrorCode.MALFORMED))
        .satisfies(r -> assertThat(r.text()).contains("nested deeper than 64"));
    assertThat(rejected("[".repeat(60_000)).code()).isEqualTo(ErrorCode.MALFORMED);
  }

  private static String nested(int levels) {
    int more = levels - 1;
    String message = "[".repeat(more) + "]".repeat(more);
    return "{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":" + message + "}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "hello",
        "{",
        "}",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping\"}x",
        "[",
        "[]",
        "[ ]",
        "{\"type\":\"ping\"}{\"type\":\"ping\"}",
        "{\"type\":\"ping\"} 1",
        "{\"type\":\"ping\",}",
        "{type:\"ping\"}",
        "{'type':'ping'}",
        "[{\"type\":\"ping\"},]",
        "[{\"type\":\"ping\"}",
        "1",
        "\"SUBSCRIBE\"",
        "null",
        "true",
        "{\"type\":\"ping\",\"x\":01}",
        "{\"type\":\"ping\",\"x\":NaN}",
        "{\"type\":\"ping\",\"x\":\"\u0001\"}",
        "{\"type\":\"ping\",\"x\":\"\\x\"}",
        "\"ab",
        "tru",
        "{\"type\":\"ping\"/**/}",
        "\ufeff{\"type\":\"ping\"}",
        "{\u0000\"\u0000t\u0000\"\u0000:\u0000" + "1\u0000}\u0000",
        "\u0000{\u0000}",
        "\u0000",
        "{\"id\":1,\"type\":\"ping\"} \u0000",
        "\u000b{}",
        "[{\"id\":1},{\"id\":2]"
      })
  void whatIsNotWellFormedIsOneRejectionWithoutId(String text) {
    Command.Rejected rejected = rejected(text);
    assertThat(rejected.code()).isEqualTo(ErrorCode.MALFORMED);
    assertThat(rejected.id()).isEmpty();
    assertThat(rejected.text()).isNotEmpty();
  }

  @Test
  void nothingOfAnArrayIsCarriedOutWhenItsEndIsBroken() {
    assertThat(read("[{\"type\":\"ping\"},{\"type\":\"ping\"},oops]"))
        .singleElement()
        .isInstanceOf(Command.Rejected.class);
  }

  @Test
  void eachCommandOfAnArrayStandsForItself() {
    assertThat(
            read(
                " [ {\"type\":\"ping\",\"id\":1} , {\"type\":\"nope\",\"id\":2}, 3, null, [[{}]], \"x\","
                    + "{\"id\":4}, {\"type\":\"ping\"} ] "))
        .extracting(c -> c.getClass().getSimpleName() + c.id())
        .containsExactly(
            "Ping1",
            "Rejected2",
            "Rejected",
            "Rejected",
            "Rejected",
            "Rejected",
            "Rejected4",
            "Ping");
  }

  @Test
  void aFlawIsNamedAndTheIdIsKeptWhereverItStands() {
    refuses("{\"type\":\"SUBSCRIBE\",\"id\":1}", "room is missing");
    refuses("{\"type\":\"UNSUBSCRIBE\",\"id\":1}", "room is missing");
    refuses("{\"type\":\"history\",\"id\":1}", "room is missing");
    refuses("{\"type\":\"presence\",\"id\":1}", "room is missing");
    refuses("{\"type\":\"sendMessage\",\"message\":1,\"id\":1}", "room is missing");
    refuses("{\"type\":\"sendMessage\",\"room\":\"r\",\"id\":1}", "message is missing");
    refuses("{\"type\":\"refresh\",\"id\":1}", "token is missing");
    refuses("{\"id\":1}", "type is missing");
    refuses("{\"type\":7,\"id\":1}", "type must be a string, but is a number");
    refuses("{\"type\":\"SUBSCRIBE\",\"room\":7,\"id\":1}", "room must be a string, but is a num");
    refuses(
        "{\"type\":\"SUBSCRIBE\",\"roomId\":null,\"id\":1}", "roomId must be a string, but is nu");
    refuses(
        "{\"type\":\"SUBSCRIBE\",\"room\":{\"a\":[1]},\"id\":1}",
        "room must be a string, but is an o");
    refuses("{\"type\":\"SUBSCRIBE\",\"room\":\"\",\"id\":1}", "room must not be empty");
    refuses("{\"type\":\"SUBSCRIBE\",\"room\":\"\\ud800\",\"id\":1}", "room must be valid Unicode");
    refuses(
        "{\"type\":\"SUBSCRIBE\",\"room\":\"" + "é".repeat(101) + "\",\"id\":1}", "at most 200");
    refuses(
        "{\"type\":\"SUBSCRIBE\",\"room\":\"a\",\"room\":\"a\",\"id\":1}", "room is given twice");
    refuses(
        "{\"type\":\"SUBSCRIBE\",\"room\":\"a\",\"roomId\":\"a\",\"id\":1}",
        "roomId is given twice");
    refuses("{\"type\":\"ping\",\"type\":\"ping\",\"id\":1}", "type is given twice");
    refuses(
        "{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1,\"content\":1,\"id\":1}",
        "content is given twice");
    refuses(
        "{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1,\"echo\":\"no\",\"id\":1}",
        "echo must be true or false");
    refuses(
        "{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1,\"echo\":[{}],\"id\":1}",
        "echo must be true or false");
    refuses("{\"type\":\"ping\",\"echo\":true,\"echo\":true,\"id\":1}", "echo is given twice");
    refuses(
        "{\"type\":\"ping\",\"key\":\"" + "k".repeat(129) + "\",\"id\":1}",
        "key must be at most 128");
    refuses(
        "{\"type\":\"ping\",\"name\":\"" + "é".repeat(65) + "\",\"id\":1}",
        "name must be at most 128");
    refuses(
        "{\"type\":\"ping\",\"token\":\"" + "t".repeat(8193) + "\",\"id\":1}",
        "token must be at most 8192");
    refuses("{\"id\":1,\"type\":\"ping\",\"id\":2}", "id is given twice");
    assertThat(rejected("{\"id\":1,\"type\":\"toString\"}"))
        .isEqualTo(
            new Command.Rejected(
                "1",
                ErrorCode.UNKNOWN_TYPE,
                "unknown type \"toString\"; expected connect, SUBSCRIBE, UNSUBSCRIBE, sendMessage,"
                    + " history, presence, refresh or ping"));
    assertThat(rejected("{\"type\":\"" + "\ud83d\ude00".repeat(500) + "\"}").text().length())
        .isLessThan(250);
  }

  private static void refuses(String text, String why) {
    Command.Rejected rejected = rejected(text);
    assertThat(rejected.code()).as(text).isEqualTo(ErrorCode.INVALID_FIELD);
    assertThat(rejected.text()).as(text).contains(why);
    assertThat(rejected.id()).as(text).isEqualTo("1");
  }

  @Test
  void anIdIsAWholeNumberOrAStringAndKeptRaw() {
    for (String id :
        List.of("0", "-1", "\"\"", "\"a\\\"\\u0041\"", "123456789012345678901234567890", "\"é\"")) {
      assertThat(one("{\"id\": " + id + " ,\"type\":\"ping\"}")).isEqualTo(new Command.Ping(id));
    }
    for (String id : List.of("1.0", "1e3", "null", "true", "[1]", "{}")) {
      Command.Rejected rejected = rejected("{\"id\":" + id + ",\"type\":\"ping\"}");
      assertThat(rejected.text()).contains("id must be a whole number or a string");
      assertThat(rejected.id()).isEmpty();
    }
    assertThat(one("{\"type\":\"ping\",\"id\":\"" + "i".repeat(62) + "\"}").id()).hasSize(64);
    assertThat(rejected("{\"type\":\"ping\",\"id\":\"" + "i".repeat(63) + "\"}").text())
        .isEqualTo("id must be at most 64 bytes");
  }

  @Test
  void unknownFieldsAreLeftAlone() {
    assertThat(one("{\"a\":[{\"type\":1}],\"type\":\"ping\",\"z\":{\"id\":2},\"z\":\"\\u0000\"}"))
        .isEqualTo(new Command.Ping(""));
  }

  private static List<Command> read(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return CommandReader.read(bytes, 0, bytes.length);
  }

  private static Command one(String text) {
    return assertThat(read(text)).singleElement().actual();
  }

  private static Command.Rejected rejected(String text) {
    return (Command.Rejected) one(text);
  }
}
