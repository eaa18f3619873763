package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Position;
import io.roomcast.room.DropReason;
import io.roomcast.room.Publication;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final int LIMIT = 100;
  private static final String HI = "{\"type\":\"message\",\"room\":\"r\",\"message\":\"hi\"}";

  private static Envelope read(String payload) {
    return read(payload.getBytes(UTF_8));
  }

  private static Envelope read(byte[] payload) {
    // Not at the buffer's beginning, as it is when it comes from a socket.
    ByteBuffer buffer = ByteBuffer.allocate(payload.length + 7);
    buffer.position(5).put(payload).flip().position(5);
    return Envelope.read(buffer, LIMIT);
  }

  private static void assertOwn(String payload, String json, String exclude) {
    assertThat(read(payload))
        .isInstanceOfSatisfying(
            Envelope.Own.class,
            own -> {
              assertThat(new String(own.json(), UTF_8)).isEqualTo(json);
              assertThat(own.exclude()).isEqualTo(exclude);
            });
  }

  private static void assertForeign(String payload, String value) {
    assertThat(read(payload))
        .isInstanceOfSatisfying(
            Envelope.Foreign.class,
            foreign -> assertThat(new String(foreign.value(), UTF_8)).isEqualTo(value));
  }

  @Test
  void whatIsWrittenIsReadableForPeople() {
    byte[] json = HI.getBytes(UTF_8);
    assertThat(new String(Envelope.write(new Publication("r", json, "")), UTF_8))
        .isEqualTo("rc1\n" + HI);
    assertThat(new String(Envelope.write(new Publication("r", json, "a b\n")), UTF_8))
        .isEqualTo("rc1 not=a+b%0A\n" + HI);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s1", "a b", "ö%=\n\r\0\"😀", "not=x"})
  void whatIsWrittenIsReadAgain(String exclude) {
    byte[] json = Event.message("r", Json.quote("hi\nyou"), "");
    String payload = new String(Envelope.write(new Publication("r", json, exclude)), UTF_8);
    assertOwn(payload, new String(json, UTF_8), exclude);
  }

  @Test
  void tokensOfNewerNodesArePassedOver() {
    assertOwn("rc1 new=5 not=s1 x\n" + HI, HI, "s1");
    assertOwn("rc1  \n" + HI, HI, "");
  }

  @Test
  void aPositionIsAnEpochAndAnOffset() {
    ByteBuffer payload = ByteBuffer.wrap(("rc1 at=e:1:7 not=s1\n" + HI).getBytes(UTF_8));
    assertThat(Envelope.read(payload, 1000))
        .isInstanceOfSatisfying(
            Envelope.Own.class,
            own -> {
              assertThat(own.position()).isEqualTo(new Position("e:1", 7));
              assertThat(own.exclude()).isEqualTo("s1");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rc1 at=5\n{}",
        "rc1 at=:5\n{}",
        "rc1 at=\n{}",
        "rc1 at=e:\n{}",
        "rc1 at=e:0\n{}",
        "rc1 at=e:-1\n{}",
        "rc1 at=e:x\n{}",
        "rc1 at=e:99999999999999999999\n{}",
        "rc2\n{}",
        "rc2 not=a\n{}",
        "rc11\n{}",
        "rc0 \n{}",
        "rc99999999999999999999\n{}",
        "rc1 no newline",
        "rc1\n",
        "rc1\nnot JSON",
        "rc1\n{}{}",
        "rc1\n{\"a\":",
        "rc1 not=%\n{}",
        "rc1 not=%zz\n{}"
      })
  void whatLooksLikeANodesAndIsNotUnderstoodIsDropped(String payload) {
    assertThat(read(payload)).isEqualTo(Envelope.MALFORMED);
  }

  @Test
  void aHeaderIsBounded() {
    assertThat(read("rc1 " + "x".repeat(2000) + "\n{}")).isEqualTo(Envelope.MALFORMED);
  }

  @Test
  void aNodesEventMayBeSomewhatLargerThanAValue() {
    String fits = "\"" + "x".repeat(LIMIT + Envelope.SURPLUS - 2) + "\"";
    assertOwn("rc1\n" + fits, fits, "");
    assertThat(read("rc1\n" + fits + " ")).isEqualTo(Envelope.TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello|\"hello\"",
        "``|\"\"",
        "42|42",
        "{\"a\": [1, 2]}|{\"a\": [1, 2]}",
        "` {} `|{}",
        "` padded `|\" padded \"",
        "{\"a\"|\"{\\\"a\\\"\"",
        "1 2|\"1 2\"",
        "rc|\"rc\"",
        "rc1|\"rc1\"",
        "rc1x|\"rc1x\"",
        "rc1:|\"rc1:\"",
        "rc x|\"rc x\"",
        "RC1 |\"RC1\"",
        "null|null",
        "😀|\"😀\""
      })
  void whatIsSomebodyElsesIsAValueOrText(String payload, String value) {
    assertForeign(payload, value);
  }

  @Test
  void textMayContainAnything() {
    assertForeign("a\0b\n\"c\"", "\"a\\u0000b\\n\\\"c\\\"\"");
    assertForeign("\ufeff{}", "\"\ufeff{}\"");
    assertForeign("\0{\0}", "\"\\u0000{\\u0000}\"");
  }

  @Test
  void bytesThatAreNoTextAreDropped() {
    assertThat(read(new byte[] {(byte) 0xff, 0, 1})).isEqualTo(Envelope.MALFORMED);
    assertThat(read(new byte[] {'"', (byte) 0xc3, '"'})).isEqualTo(Envelope.MALFORMED);
    assertThat(read(new byte[] {'r', 'c', '1', ' ', (byte) 0xff, '\n', '{', '}'}))
        .isEqualTo(Envelope.MALFORMED);
  }

  @Test
  void whatIsTooLargeIsDropped() {
    assertForeign("x".repeat(LIMIT - 2), "\"" + "x".repeat(LIMIT - 2) + "\"");
    assertThat(read("x".repeat(LIMIT - 1))).isEqualTo(Envelope.TOO_LARGE);
    assertThat(read("\0".repeat(LIMIT / 2))).isEqualTo(Envelope.TOO_LARGE);
    assertThat(read("1".repeat(LIMIT + 1))).isEqualTo(Envelope.TOO_LARGE);
  }

  @Test
  void deepNestingIsText() {
    String deep = "[".repeat(LIMIT - 2);
    assertForeign(deep, "\"" + deep + "\"");
  }

  @Test
  void garbageNeverThrows() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "rc1 \n{}\"[]:,not=%2\0é";
    for (int i = 0; i < 20_000; i++) {
      byte[] payload = new byte[random.nextInt(40)];
      for (int b = 0; b < payload.length; b++) {
        payload[b] =
            random.nextInt(10) == 0
                ? (byte) random.nextInt()
                : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      Envelope envelope = read(payload);
      if (envelope instanceof Envelope.Foreign foreign) {
        byte[] value = foreign.value();
        assertThat(Json.isValue(value, 0, value.length)).as("seed %d", seed).isTrue();
      } else if (envelope instanceof Envelope.Flawed flawed) {
        assertThat(flawed.reason()).as("seed %d", seed).isEqualTo(DropReason.BROKER_MALFORMED);
      }
    }
  }

  @Test
  void aChannelOwnsOnlyMessagesOfItsRoom() {
    Channel channel = new Channel(new Name("room:r".getBytes(UTF_8)), "r");
    assertThat(channel.owns(HI.getBytes(UTF_8))).isTrue();
    assertThat(channel.owns(Event.message("r2", Json.quote("hi"), ""))).isFalse();
    assertThat(channel.owns(Event.messagePrefix("r"))).isFalse();
    assertThat(channel.owns("{}".getBytes(UTF_8))).isFalse();
  }
}
