package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.roomcast.memory.MemoryBroker;
import io.roomcast.protocol.Event;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Lane;
import io.roomcast.room.Limits;
import io.roomcast.room.Node;
import io.roomcast.room.Publication;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Telemetry;
import io.roomcast.room.Time;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From the broker to 1,000 WebSocket connections whose channels throw away what they are to send:
 * everything of ours and of Netty's, but the system call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    jvmArgsAppend = {
      "-Dio.netty.leakDetection.level=disabled",
      "-Djmh.executor=CUSTOM",
      "-Djmh.executor.class=io.roomcast.websocket.LoopExecutor"
    })
public class FanOutBenchmark {
  private static final int MEMBERS = 1000;

  /** Publications that go out in one turn. */
  @Param({"1", "8"})
  int joined;

  private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
  private final MemoryBroker broker = new MemoryBroker(Rulebook.EMPTY, Time.SYSTEM);
  private final Node node =
      new Node(
          "bench",
          broker,
          Authenticator.OPEN,
          Limits.DEFAULT.withCommandsPerSecond(0),
          Rulebook.EMPTY,
          Telemetry.NONE,
          Time.SYSTEM);
  private final FrameReader reader = new FrameReader();
  private final byte[] scratch = new byte[64 * 1024];
  private Publication publication;
  private ByteBuf masked;

  /** Takes output, and forgets it. */
  private static final class Sink extends EmbeddedChannel {
    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
      while (out.current() != null) {
        out.remove();
      }
    }
  }

  @Setup
  public void fill() {
    node.start();
    Lane lane = node.addLane(loop::add, () -> true);
    WebSocketLane shared = new WebSocketLane(node, lane);
    byte[] join = "{\"type\":\"SUBSCRIBE\",\"room\":\"room1\"}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < MEMBERS; i++) {
      Sink channel = new Sink();
      WebSocketConnection connection =
          new WebSocketConnection(
              shared, node.quotas().bill(""), Authenticator.Identity.ANONYMOUS, false);
      channel.pipeline().addLast(connection);
      connection.onMessage(true, join, join.length);
    }
    byte[] message = ("\"" + "x".repeat(126) + "\"").getBytes(StandardCharsets.UTF_8);
    publication = new Publication("room1", Event.message("room1", message, ""), "");
    masked = mask(message);
    turn();
  }

  private static ByteBuf mask(byte[] payload) {
    ByteBuf frame = ByteBufAllocator.DEFAULT.directBuffer(payload.length + 8);
    frame.writeByte(0x81).writeByte(0x80 | 126).writeShort(payload.length).writeInt(0x01020304);
    for (int i = 0; i < payload.length; i++) {
      frame.writeByte(payload[i] ^ (i % 4 + 1));
    }
    return frame;
  }

  private void turn() {
    for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
      task.run();
    }
  }

  /** One write to one member; divide by {@link #joined} for the cost of a delivery. */
  @Benchmark
  @OperationsPerInvocation(MEMBERS)
  public void write() {
    for (int i = 0; i < joined; i++) {
      broker.publish(publication, "", (outcome, position) -> {});
    }
    turn();
  }

  /** A client's frame of 128 bytes, unmasked and checked. */
  @Benchmark
  public int read() {
    Counting sink = new Counting();
    reader.read(masked.readerIndex(0), scratch, scratch.length, ByteBufAllocator.DEFAULT, sink);
    return sink.bytes;
  }

  /** The frames of a turn, joined. */
  @Benchmark
  public void encode() {
    WebSocketEncoding.INSTANCE.encode(java.util.Collections.nCopies(joined, publication)).release();
  }

  private static final class Counting implements FrameReader.Sink {
    int bytes;

    @Override
    public boolean open() {
      return true;
    }

    @Override
    public void onMessage(boolean text, byte[] message, int length) {
      bytes += length;
    }

    @Override
    public void onPing(byte[] payload, int length) {}

    @Override
    public void onPong() {}

    @Override
    public void onClose(int code) {}

    @Override
    public void onViolation(io.roomcast.protocol.CloseCode code, String text) {
      throw new IllegalStateException(text);
    }
  }
}
