package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.0e+0",
        "1E400",
        "1e-400",
        "\"\"",
        "\"\u007f\"",
        "\"\u2028\"",
        "\"\\ud800\"",
        "\"\\u0000\\b\\f\\n\\r\\t\\/\\\\\"",
        "[]",
        "{}",
        " \t\r\n[ ] ",
        "{\"\":{\"\":[]},\"\":0}",
        "[1,2.5,\"x\",null,{\"a\":[true]}]"
      })
  void takesAValue(String text) {
    assertThat(isValue(text, UTF_8)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "01",
        "-",
        "-a",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "1 2",
        "1,",
        "NaN",
        "-Infinity",
        "Infinity",
        "\"",
        "\"a",
        "\"\n\"",
        "\"\t\"",
        "\"\u0000\"",
        "\"\\\"",
        "\"\\a\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "'a'",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{",
        "}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1 \"b\":2}",
        "{}{}",
        "[]x",
        "//\n1",
        "/**/1",
        "#\n1",
        "\u000b1",
        "\u00a01",
        "\u000c1",
        "1\u0000",
        "\u00001",
        "\ufeff1",
        "1\ufeff",
        "\"a\"\"b\"",
        "\u001e1",
        "true false",
        "undefined",
        "\\u0031"
      })
  void refusesWhatIsNone(String text) {
    assertThat(isValue(text, UTF_8)).isFalse();
  }

  @Test
  void refusesOtherEncodings() {
    for (String text : new String[] {"1", "12", "{}", "\"ab\"", "[1]"}) {
      for (Charset other : new Charset[] {UTF_16BE, UTF_16LE, Charset.forName("UTF-32")}) {
        assertThat(isValue(text, other)).as(text + " in " + other).isFalse();
      }
    }
    byte[] latin = {'"', (byte) 0xe9, '"'};
    assertThat(Json.isValue(latin, 0, latin.length)).isFalse();
  }

  @Test
  void nestingIsBounded() {
    assertThat(isValue("[".repeat(64) + "]".repeat(64), UTF_8)).isTrue();
    assertThat(isValue("[".repeat(65) + "]".repeat(65), UTF_8)).isFalse();
    assertThat(isValue("{\"a\":".repeat(65) + "1" + "}".repeat(65), UTF_8)).isFalse();
  }

  @Test
  void anInfoIsSmallAndNotDeep() {
    assertThat(isInfo("{\"name\": \"Zoë\"}")).isTrue();
    assertThat(isInfo("\"" + "é".repeat(511) + "\"")).isTrue();
    assertThat(isInfo("\"" + "é".repeat(511) + "x\"")).isFalse();
    assertThat(isInfo("[".repeat(62) + "]".repeat(62))).isTrue();
    assertThat(isInfo("[".repeat(63) + "]".repeat(63))).isFalse();
    assertThat(isInfo("")).isFalse();
    assertThat(isInfo("1,\"a\":2")).isFalse();
    // What it stands in has no more levels than a client must read.
    String deepest = "[".repeat(62) + "]".repeat(62);
    byte[] reply = PresenceReply.users("1", "r", List.of("ann"), Map.of("ann", deepest), false, 1);
    assertThat(Json.isValue(reply, 0, reply.length)).isTrue();
  }

  private static boolean isInfo(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return Json.isInfo(bytes, 0, bytes.length);
  }

  @Test
  void looksAtItsRangeOnly() {
    byte[] bytes = "x[1]x".getBytes(UTF_8);
    assertThat(Json.isValue(bytes, 1, 3)).isTrue();
    assertThat(Json.isValue(bytes, 0, 4)).isFalse();
    assertThat(Json.isValue(bytes, 1, 4)).isFalse();
    assertThat(Json.isValue(bytes, 1, 2)).isFalse();
  }

  @Test
  void quotesWhatMustBeQuoted() {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x250; c++) {
      all.append(c);
    }
    all.append("\u2028\ud83d\ude00");
    byte[] quoted = Json.quote(all.toString());
    assertThat(Json.isValue(quoted, 0, quoted.length)).isTrue();
    assertThat(new String(Json.quote("a\"\\\n\u0000é"), UTF_8))
        .isEqualTo("\"a\\\"\\\\\\n\\u0000é\"");
  }

  @Test
  void aLoneSurrogateBecomesAQuestionMark() {
    assertThat(new String(Json.quote("a\ud800b"), UTF_8)).isEqualTo("\"a?b\"");
  }

  private static boolean isValue(String text, Charset charset) {
    byte[] bytes = text.getBytes(charset);
    return Json.isValue(bytes, 0, bytes.length);
  }
}
