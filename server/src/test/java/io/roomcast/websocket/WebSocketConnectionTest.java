package io.roomcast.websocket;

import static io.roomcast.testing.Frames.CLOSE;
import static io.roomcast.testing.Frames.FIN;
import static io.roomcast.testing.Frames.PING;
import static io.roomcast.testing.Frames.PONG;
import static io.roomcast.testing.Frames.TEXT;
import static io.roomcast.testing.Frames.close;
import static io.roomcast.testing.Frames.frame;
import static io.roomcast.testing.Frames.text;
import static io.roomcast.testing.Frames.unmasked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Hub;
import io.roomcast.room.Limits;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.RawWebSocket.Frame;
import io.roomcast.testing.Verdicts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What time does to a connection. */
final class WebSocketConnectionTest {
  private static final int PINGS = WebSocketConnection.PING_SECONDS;
  private static final int PONGS = WebSocketConnection.PONG_SECONDS;
  private static final int CLOSES = WebSocketConnection.CLOSE_SECONDS;
  private static final int TOKENS = WebSocketConnection.TOKEN_SECONDS;

  /** Takes the token {@code good}, until a time. */
  private static Authenticator oneToken(long until) {
    return Verdicts.authenticator(
        token -> {
          if (!token.equals("good")) {
            throw new Authenticator.Refused("not this one");
          }
          return new Authenticator.Identity("ann", until);
        });
  }

  private FakeNode fake = new FakeNode();
  private EmbeddedConnection connection = new EmbeddedConnection(fake);

  private void withToken(int secondsLeft) {
    connection.channel().finishAndReleaseAll();
    long until = fake.time().wallMillis() + secondsLeft * 1000L;
    fake = new FakeNode(oneToken(until), Limits.DEFAULT);
    connection = new EmbeddedConnection(fake);
  }

  @AfterEach
  void leavesNothing() {
    connection.channel().finishAndReleaseAll();
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
    assertThat(fake.telemetry().count("closed")).isEqualTo(fake.telemetry().count("opened"));
  }

  private void assertClosing(int code) {
    List<Frame> frames = connection.frames();
    assertThat(frames.getLast().opcode()).isEqualTo(CLOSE);
    assertThat(frames.getLast().code()).isEqualTo(code);
    assertThat(fake.telemetry().count("closed " + code)).isEqualTo(1);
    assertThat(fake.node().hub().size().sessions()).isZero();
    if (code >= 4000) {
      assertThat(frames.get(frames.size() - 2).text())
          .startsWith("{\"type\":\"disconnect\",\"code\":" + code + ",");
    }
  }

  @Test
  void pingsAndIsContentWithAPong() {
    connection.seconds(PINGS - 1);
    assertThat(connection.frames()).isEmpty();
    for (int i = 0; i < 3; i++) {
      connection.seconds(1);
      assertThat(connection.frames()).extracting(Frame::opcode).containsExactly(PING);
      connection.seconds(PONGS - 1);
      connection.receive(frame(FIN | PONG));
      connection.seconds(PINGS - PONGS - 1);
      assertThat(connection.frames()).isEmpty();
    }
    assertThat(connection.channel().isOpen()).isTrue();
  }

  @Test
  void takesAnythingForAnAnswer() {
    connection.seconds(PINGS);
    connection.receive(new byte[] {(byte) 0x81});
    connection.seconds(PONGS);
    assertThat(connection.frames()).extracting(Frame::opcode).containsExactly(PING);
  }

  @Test
  void closesWhenNothingCameBack() {
    connection.seconds(PINGS);
    assertThat(connection.frames()).hasSize(1);
    connection.seconds(PONGS - 1);
    assertThat(connection.frames()).isEmpty();
    connection.seconds(1);
    assertClosing(4001);
    connection.seconds(CLOSES - 1);
    assertThat(connection.channel().isOpen()).isTrue();
    connection.seconds(1);
    assertThat(connection.channel().isOpen()).isFalse();
  }

  @Test
  void endsAtTheClientsPartOfTheClose() {
    connection.seconds(PINGS + PONGS);
    assertClosing(4001);
    connection.receive(close(4001));
    assertThat(connection.channel().isOpen()).isFalse();
  }

  @Test
  void answersNothingWhileItCloses() {
    connection.seconds(PINGS + PONGS);
    assertClosing(4001);
    connection.receive(text("{\"type\":\"ping\"}"));
    connection.receive(frame(FIN | PING));
    assertThat(connection.frames()).isEmpty();
    connection.receive(unmasked(FIN | TEXT));
    assertThat(connection.frames()).isEmpty();
    connection.seconds(CLOSES);
    assertThat(connection.channel().isOpen()).isFalse();
  }

  @Test
  void endsAfterAViolationAlsoWhenTheClientStays() {
    connection.receive(unmasked(FIN | TEXT));
    assertThat(connection.frames())
        .extracting(Frame::opcode, Frame::code)
        .containsExactly(tuple(CLOSE, 1002));
    connection.receive(text("x"));
    connection.seconds(CLOSES - 1);
    assertThat(connection.channel().isOpen()).isTrue();
    connection.seconds(1);
    assertThat(connection.channel().isOpen()).isFalse();
  }

  @Test
  void closesAStandingBacklog() {
    int patience = (int) Limits.DEFAULT.unreadFor().toSeconds();
    connection.seconds(PINGS);
    assertThat(connection.frames()).hasSize(1);
    connection.writable(false);
    connection.seconds(patience - 1);
    connection.writable(true);
    connection.writable(false);
    connection.seconds(patience - 1);
    assertThat(connection.frames()).isEmpty();
    connection.seconds(1);
    assertThat(fake.telemetry().count("dropped SLOW_READER")).isEqualTo(1);
    connection.writable(true);
    assertClosing(4002);
  }

  @Test
  void pingsAgainWhenABacklogIsGone() {
    connection.writable(false);
    connection.seconds(5);
    connection.writable(true);
    connection.seconds(PINGS - 1);
    assertThat(connection.frames()).isEmpty();
    connection.seconds(1);
    assertThat(connection.frames()).extracting(Frame::opcode).containsExactly(PING);
  }

  @Test
  void closesAClientWithoutATokenInTime() {
    withToken(1000);
    connection.receive(text("{\"type\":\"ping\"}"));
    connection.receive(text("{\"type\":\"SUBSCRIBE\",\"room\":\"a\"}"));
    connection.receive(text("{\"type\":\"connect\",\"token\":\"bad\"}"));
    assertThat(connection.frames())
        .extracting(Frame::text)
        .satisfiesExactly(
            t -> assertThat(t).contains("pong"),
            t -> assertThat(t).contains("\"code\":1401"),
            t -> assertThat(t).contains("\"code\":1401", "not this one"));
    connection.seconds(TOKENS - 1);
    assertThat(connection.frames()).isEmpty();
    connection.seconds(1);
    assertClosing(4501);
  }

  @Test
  void aBacklogBuysNoTimeWithoutAToken() {
    withToken(1000);
    connection.seconds(TOKENS - 1);
    connection.writable(false);
    connection.writable(true);
    assertClosing(4501);
  }

  @Test
  void keepsAClientWithATokenUntilItExpires() {
    withToken(30);
    connection.receive(text("{\"type\":\"connect\",\"token\":\"good\"}"));
    connection.receive(text("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"a\"}"));
    assertThat(connection.frames()).extracting(Frame::text).anyMatch(t -> t.contains("subscribed"));
    connection.seconds(TOKENS);
    assertThat(connection.frames()).extracting(Frame::opcode).containsExactly(PING);
    connection.receive(frame(FIN | PONG));
    connection.seconds(30 - TOKENS - 1);
    assertThat(connection.frames()).extracting(Frame::opcode).containsExactly(PING);
    connection.seconds(1);
    assertClosing(4004);
  }

  @Test
  void knowsAClientThatShowedItsTokenInTheHandshake() {
    withToken(1000);
    connection.channel().finishAndReleaseAll();
    connection =
        new EmbeddedConnection(
            fake, new Authenticator.Identity("bob", fake.time().wallMillis() + 60_000));
    connection.receive(text("{\"type\":\"SUBSCRIBE\",\"room\":\"a\"}"));
    connection.receive(text("{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1}"));
    assertThat(connection.frames())
        .extracting(Frame::text)
        .containsExactly("{\"type\":\"message\",\"room\":\"a\",\"message\":1,\"from\":\"bob\"}");
  }

  @Test
  void aFaultOfOursIsToldAndEndsTheConnection() {
    connection.channel().pipeline().fireExceptionCaught(new IllegalStateException("on purpose"));
    assertClosing(1011);
  }

  @Test
  void noMemoryForOneTakesNoDeadlineFromAnother() {
    EmbeddedConnection other = new EmbeddedConnection(fake);
    connection.channel().config().setAllocator(new NoMemory());
    connection.seconds(PINGS);
    assertThat(connection.channel().isOpen()).isFalse();
    assertThat(other.frames()).extracting(Frame::opcode).containsExactly(PING);
    other.channel().finishAndReleaseAll();
  }

  /** Has none left. */
  private static final class NoMemory extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      throw new OutOfMemoryError("on purpose");
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }
}
