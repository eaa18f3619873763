package io.roomcast.testing;

import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.roomcast.config.RuleReader;
import io.roomcast.memory.MemoryBroker;
import io.roomcast.net.Listener;
import io.roomcast.net.NativeTransport;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Hub;
import io.roomcast.room.Lane;
import io.roomcast.room.Limits;
import io.roomcast.room.Node;
import io.roomcast.room.Origins;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** A listening node on a free port, with two loops, that lets a test look inside. */
public final class TestServer implements AutoCloseable {
  private final CountingTelemetry telemetry = new CountingTelemetry();
  private final MemoryBroker broker;
  private final Node node;
  private final Listener listener;

  /** Starts it. */
  public TestServer(
      NativeTransport transport,
      Authenticator authenticator,
      Limits limits,
      Function<Lane, ChannelHandler> http)
      throws IOException {
    this(transport, authenticator, limits, Rulebook.EMPTY, false, http);
  }

  private TestServer(
      NativeTransport transport,
      Authenticator authenticator,
      Limits limits,
      Rulebook rulebook,
      boolean compression,
      Function<Lane, ChannelHandler> http)
      throws IOException {
    broker = new MemoryBroker(rulebook, Time.SYSTEM);
    node = new Node("test", broker, authenticator, limits, rulebook, telemetry, Time.SYSTEM);
    node.start();
    listener =
        Listener.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            transport,
            2,
            node,
            new Origins(List.of("https://chat.example"), true),
            compression,
            http);
  }

  /** Starts one that lets everybody in. */
  public static TestServer start(NativeTransport transport, Limits limits) throws IOException {
    return start(transport, limits, new String[0]);
  }

  /** The same with rules for its rooms, as they are written. */
  public static TestServer start(NativeTransport transport, Limits limits, String... rules)
      throws IOException {
    return new TestServer(
        transport,
        Authenticator.OPEN,
        limits,
        RuleReader.book(List.of(rules)),
        false,
        lane -> new NoHttp());
  }

  /** Starts one that compresses for those who ask for it. */
  public static TestServer compressing(NativeTransport transport, Limits limits)
      throws IOException {
    return new TestServer(
        transport, Authenticator.OPEN, limits, Rulebook.EMPTY, true, lane -> new NoHttp());
  }

  /** Answers nothing. */
  @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the close.
  private static final class NoHttp extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.channel().close();
    }
  }

  /** Those that work on this machine. */
  public static List<NativeTransport> transports() {
    return Arrays.stream(NativeTransport.values()).filter(TestServer::works).toList();
  }

  private static boolean works(NativeTransport transport) {
    try {
      return NativeTransport.named(transport.label()) == transport;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  public Node node() {
    return node;
  }

  public CountingTelemetry telemetry() {
    return telemetry;
  }

  public int port() {
    return listener.port();
  }

  /** A client that has become a WebSocket. */
  public RawWebSocket client() throws IOException {
    return RawWebSocket.open(port());
  }

  /** Waits until the node holds so many sessions, rooms and members. */
  public void awaitSize(int sessions, int rooms, int members) {
    Hub.Size expected = new Hub.Size(sessions, rooms, members);
    await().pollInterval(Duration.ofMillis(5)).until(() -> node.hub().size(), expected::equals);
  }

  @Override
  public void close() {
    listener.close();
    broker.close();
  }
}
