package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.roomcast.room.Authenticator;
import io.roomcast.testing.CountingTelemetry;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.RawWebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A connection without a socket, whose seconds pass when the test says so. */
final class EmbeddedConnection {
  private final FakeNode fake;
  private final EmbeddedChannel channel;

  EmbeddedConnection(FakeNode fake, Authenticator.Identity identity) {
    this.fake = fake;
    channel =
        new EmbeddedChannel(
            new WebSocketConnection(
                new WebSocketLane(fake.node(), fake.lane()),
                fake.node().quotas().bill(""),
                identity,
                false));
  }

  EmbeddedConnection(FakeNode fake) {
    this(fake, Authenticator.Identity.ANONYMOUS);
  }

  EmbeddedChannel channel() {
    return channel;
  }

  CountingTelemetry telemetry() {
    return fake.telemetry();
  }

  void seconds(int count) {
    for (int i = 0; i < count; i++) {
      fake.time().advance(Duration.ofSeconds(1));
      fake.lane().tick();
      channel.runPendingTasks();
    }
  }

  void receive(byte[] bytes) {
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    fake.loop().runAll();
  }

  /** As if the socket took no more, or took again. */
  void writable(boolean value) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, value);
    channel.runPendingTasks();
  }

  /** The frames that were written since the last call. */
  List<RawWebSocket.Frame> frames() {
    List<RawWebSocket.Frame> frames = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(taken());
    while (bytes.hasRemaining()) {
      int first = bytes.get() & 0xff;
      int length = bytes.get() & 0xff;
      byte[] payload = new byte[length < 126 ? length : bytes.getShort() & 0xffff];
      bytes.get(payload);
      frames.add(new RawWebSocket.Frame(first, payload));
    }
    return frames;
  }

  private byte[] taken() {
    byte[] all = {};
    ByteBuf next;
    while ((next = channel.readOutbound()) != null) {
      byte[] more = ByteBufUtil.getBytes(next);
      next.release();
      int end = all.length;
      all = Arrays.copyOf(all, end + more.length);
      System.arraycopy(more, 0, all, end, more.length);
    }
    return all;
  }
}
