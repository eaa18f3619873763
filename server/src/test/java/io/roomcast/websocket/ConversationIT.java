package io.roomcast.websocket;

import static io.roomcast.testing.Frames.BINARY;
import static io.roomcast.testing.Frames.CONTINUATION;
import static io.roomcast.testing.Frames.FIN;
import static io.roomcast.testing.Frames.PING;
import static io.roomcast.testing.Frames.PONG;
import static io.roomcast.testing.Frames.TEXT;
import static io.roomcast.testing.Frames.announce;
import static io.roomcast.testing.Frames.frame;
import static io.roomcast.testing.Frames.join;
import static io.roomcast.testing.Frames.text;
import static io.roomcast.testing.Frames.unmasked;
import static io.roomcast.testing.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One client misbehaves, on each transport; two others talk meanwhile and notice nothing. */
@ParameterizedClass
@MethodSource("io.roomcast.testing.TestServer#transports")
final class ConversationIT {
  @Parameter private NativeTransport transport = NativeTransport.NIO;

  private TestServer server;
  private RawWebSocket client;
  private RawWebSocket witness;
  private int said;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(transport, Limits.DEFAULT);
    client = server.client();
    witness = server.client();
    witness.join("room1");
    assertWitnessHears();
  }

  @AfterEach
  void stop() throws IOException {
    assertWitnessHears();
    client.close();
    witness.close();
    server.awaitSize(0, 0, 0);
    server.close();
  }

  /** Exactly its message, and nothing before it. */
  private void assertWitnessHears() throws IOException {
    String message = Integer.toString(said++);
    witness.say("{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":" + message + "}");
    assertThat(witness.hear()).isEqualTo(message("room1", message));
  }

  private static String message(String room, String json) {
    return "{\"type\":\"message\",\"room\":\"" + room + "\",\"message\":" + json + "}";
  }

  private void assertStillThere() throws IOException {
    assertThat(client.ask("{\"type\":\"ping\"}")).isEqualTo("{\"type\":\"pong\"}");
    assertWitnessHears();
  }

  private void assertClosed(int code) throws IOException {
    RawWebSocket.Ending ending = client.end();
    assertThat(ending.code()).isEqualTo(code);
    assertThat(ending.reset()).isFalse();
    server.awaitSize(1, 1, 1);
  }

  @Test
  void carriesOutTheFirstConversation() throws IOException {
    client.say("{\"type\":\"SUBSCRIBE\",\"room\":\"room2\"}");
    client.say("{\"type\":\"sendMessage\",\"room\":\"room2\",\"message\":\"hi\"}");
    assertThat(client.hear()).isEqualTo(message("room2", "\"hi\""));
    client.say("{\"type\":\"UNSUBSCRIBE\",\"room\":\"room2\"}");
    client.say("{\"type\":\"sendMessage\",\"room\":\"room2\",\"message\":\"to nobody\"}");
    assertStillThere();
    server.awaitSize(2, 1, 1);
  }

  @Test
  void carriesOutTheFirstConversationInOneBreath() throws IOException {
    client.say(
        "[{\"type\":\"SUBSCRIBE\",\"room\":\"room2\"},"
            + "{\"type\":\"sendMessage\",\"room\":\"room2\",\"message\":\"hi\"},"
            + "{\"type\":\"UNSUBSCRIBE\",\"room\":\"room2\"}]");
    assertThat(client.hear()).isEqualTo(message("room2", "\"hi\""));
    assertStillThere();
  }

  @Test
  void reachesEveryMemberOfEveryRoom() throws IOException {
    client.join("room1");
    client.join("room2");
    witness.join("room2");
    client.say("{\"type\":\"sendMessage\",\"roomId\":\"room2\",\"content\":{\"a\": [1, 2.50]}}");
    assertThat(client.hear()).isEqualTo(message("room2", "{\"a\": [1, 2.50]}"));
    assertThat(witness.hear()).isEqualTo(message("room2", "{\"a\": [1, 2.50]}"));
    client.say("{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":null,\"echo\":false}");
    assertThat(witness.hear()).isEqualTo(message("room1", "null"));
    assertThat(client.ask("{\"type\":\"UNSUBSCRIBE\",\"id\":7,\"room\":\"room1\"}"))
        .isEqualTo("{\"type\":\"unsubscribed\",\"id\":7,\"room\":\"room1\"}");
  }

  @Test
  void takesSeveralCommandsInOneFrame() throws IOException {
    client.say(
        "[{\"type\":\"SUBSCRIBE\",\"room\":\"a\"},{\"type\":\"nonsense\",\"id\":1},"
            + "{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1}]");
    List<String> came = List.of(client.hear(), client.hear());
    assertThat(came).anyMatch(m -> m.contains("\"code\":1405"));
    assertThat(came).contains(message("a", "1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello | 1400",
        "`` | 1400",
        "[] | 1400",
        "42 | 1400",
        "\"text\" | 1400",
        "null | 1400",
        "{} | 1422",
        "{\"type\":\"SUBSCRIBE\"} | 1422",
        "{\"type\":\"SUBSCRIBE\",\"room\":\"\"} | 1422",
        "{\"type\":\"SUBSCRIBE\",\"room\":17} | 1422",
        "{\"type\":\"SUBSCRIBE\",\"room\":\"a\\nb\"} | 1422",
        "{\"type\":\"UNSUBSCRIBE\"} | 1422",
        "{\"type\":\"UNSUBSCRIBE\",\"room\":[]} | 1422",
        "{\"type\":\"sendMessage\",\"room\":\"a\"} | 1422",
        "{\"type\":\"sendMessage\",\"message\":\"a\"} | 1422",
        "{\"type\":\"subscribe\",\"room\":\"a\"} | 1405",
        "{\"type\":7} | 1422",
        "{\"type\":\"ping\" | 1400",
        "{\"type\":\"ping\"} x | 1400",
        "{\"type\":\"history\",\"room\":\"a\"} | 1501",
      })
  void answersBadInputWithAnError(String frame, int code) throws IOException {
    assertThat(client.ask(frame)).startsWith("{\"type\":\"error\",\"code\":" + code + ",");
    assertStillThere();
  }

  @Test
  void answersBadInputThatIsLong() throws IOException {
    String longName = "{\"type\":\"SUBSCRIBE\",\"room\":\"" + "r".repeat(201) + "\"}";
    assertThat(client.ask(longName)).contains("\"code\":1422", "at most 200 bytes");
    String deep = "{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":" + "[".repeat(30_000);
    assertThat(client.ask(deep)).contains("\"code\":1400", "nested deeper");
    assertThat(client.ask("[" + "{},".repeat(20_000).substring(1))).contains("\"code\":1400");
    assertStillThere();
  }

  @Test
  void refusesMoreRoomsThanAllowed() throws IOException {
    for (int i = 0; i < Limits.DEFAULT.rooms(); i++) {
      client.join("r" + i);
    }
    assertThat(client.ask("{\"type\":\"SUBSCRIBE\",\"id\":5,\"room\":\"one more\"}"))
        .startsWith("{\"type\":\"error\",\"id\":5,\"code\":1430,");
    client.join("r0");
    client.say("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r1\"}");
    client.join("one more");
    server.awaitSize(2, 1 + Limits.DEFAULT.rooms(), 1 + Limits.DEFAULT.rooms());
  }

  @Test
  void limitsTheRateOfCommands() throws IOException {
    byte[][] many = new byte[Limits.DEFAULT.commandBurst() + 60][];
    java.util.Arrays.fill(many, text("{\"type\":\"ping\",\"id\":1}"));
    client.send(join(many));
    int refused = 0;
    for (int i = 0; i < many.length; i++) {
      refused += client.hear().contains("\"code\":1429") ? 1 : 0;
    }
    assertThat(refused).isPositive();
    assertWitnessHears();
  }

  @Test
  void closesAClientThatKeepsErring() throws IOException {
    byte[][] errors = new byte[Limits.DEFAULT.errors() + 20][];
    java.util.Arrays.fill(errors, text("no"));
    client.send(join(errors));
    RawWebSocket.Ending ending = client.endAnswering();
    assertThat(ending.code()).isEqualTo(4500);
    assertThat(ending.texts().size()).isBetween(Limits.DEFAULT.errors() + 1, errors.length);
    assertThat(ending.texts().getLast())
        .startsWith("{\"type\":\"disconnect\",\"code\":4500,")
        .contains("\"reconnect\":false");
  }

  @Test
  void closesAClientThatErrsInOneFrame() throws IOException {
    client.say("[" + "0,".repeat(10_000) + "0]");
    RawWebSocket.Ending ending = client.endAnswering();
    assertThat(ending.code()).isEqualTo(4500);
    assertThat(ending.texts().size()).isLessThan(Limits.DEFAULT.errors() + 10);
  }

  @Test
  void closesOnInvalidUtf8() throws IOException {
    client.send(frame(FIN | TEXT, (byte) '"', (byte) 0xff, (byte) '"'));
    client.endOutput();
    assertClosed(1007);
  }

  @Test
  void closesOnBinary() throws IOException {
    client.send(frame(FIN | BINARY, utf8("{}")));
    client.endOutput();
    assertClosed(1003);
  }

  @Test
  void closesOnAFrameThatIsTooLarge() throws IOException {
    client.send(announce(FIN | TEXT, Limits.DEFAULT.messageBytes() + 1));
    // What follows is thrown away, and must not turn the close into a reset.
    client.send(new byte[Limits.DEFAULT.messageBytes() + 1]);
    client.endOutput();
    assertClosed(1009);
  }

  @Test
  void closesOnEndlessFragments() throws IOException {
    client.send(frame(TEXT, new byte[1000]));
    for (int i = 0; i < 100; i++) {
      client.send(frame(CONTINUATION, new byte[1000]));
    }
    client.endOutput();
    assertClosed(1009);
  }

  @Test
  void closesOnEndlessEmptyFragments() throws IOException {
    client.send(frame(TEXT));
    for (int i = 0; i < 100; i++) {
      client.send(frame(CONTINUATION));
    }
    client.endOutput();
    assertClosed(1009);
  }

  @Test
  void closesOnABrokenProtocol() throws IOException {
    client.send(unmasked(FIN | TEXT, utf8("{}")));
    client.endOutput();
    assertClosed(1002);
  }

  @Test
  void closesOnReservedBits() throws IOException {
    client.send(frame(FIN | TEXT | 0x40, utf8("{}")));
    client.endOutput();
    assertClosed(1002);
  }

  @Test
  void answersPings() throws IOException {
    client.send(join(frame(FIN | PING, utf8("one")), frame(FIN | PONG), frame(FIN | PING)));
    assertThat(client.frame())
        .satisfies(f -> assertThat(f.opcode()).isEqualTo(PONG))
        .satisfies(f -> assertThat(f.text()).isEqualTo("one"));
    assertThat(client.frame().opcode()).isEqualTo(PONG);
    assertStillThere();
  }

  @Test
  void takesALargeMessageInAnyPieces() throws IOException {
    client.join("room2");
    String payload = "\"" + "é".repeat(30_000) + "\"";
    byte[] message =
        text("{\"type\":\"sendMessage\",\"room\":\"room2\",\"message\":" + payload + "}");
    for (int i = 0; i < message.length; i += 997) {
      client.send(java.util.Arrays.copyOfRange(message, i, Math.min(message.length, i + 997)));
    }
    assertThat(client.hear()).isEqualTo(message("room2", payload));
  }

  @Test
  void takesOneByteAtATime() throws IOException {
    client.join("room2");
    byte[] message =
        Frames.join(
            frame(TEXT, utf8("{\"type\":\"sendMessage\",")),
            frame(FIN | PING),
            frame(FIN | CONTINUATION, utf8("\"room\":\"room2\",\"message\":1}")));
    for (byte b : message) {
      client.send(new byte[] {b});
    }
    assertThat(client.frame().opcode()).isEqualTo(PONG);
    assertThat(client.hear()).isEqualTo(message("room2", "1"));
  }
}
