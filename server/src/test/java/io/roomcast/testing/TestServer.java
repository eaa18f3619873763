package io.roomcast.testing;

import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.roomcast.Roomcast;
import io.roomcast.config.RuleReader;
import io.roomcast.config.RuleText;
import io.roomcast.http.HttpConnection;
import io.roomcast.http.HttpRoutes;
import io.roomcast.http.Port;
import io.roomcast.http.ServerApi;
import io.roomcast.memory.MemoryBroker;
import io.roomcast.memory.MemoryCluster;
import io.roomcast.net.Entrance;
import io.roomcast.net.Listener;
import io.roomcast.net.Loops;
import io.roomcast.net.NativeTransport;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Hub;
import io.roomcast.room.Keyring;
import io.roomcast.room.Lane;
import io.roomcast.room.Limits;
import io.roomcast.room.Node;
import io.roomcast.room.Origins;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Ruling;
import io.roomcast.room.Time;
import io.roomcast.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A listening node on a free port, with two loops, that lets a test look inside. */
public final class TestServer implements AutoCloseable {
  private final CountingTelemetry telemetry = new CountingTelemetry();
  private final MemoryBroker broker;
  private final Node node;
  private final Loops loops;
  private final Listener listener;

  /** Starts it. */
  public TestServer(
      NativeTransport transport,
      Authenticator authenticator,
      Limits limits,
      Function<Lane, ChannelHandler> http)
      throws IOException {
    this(transport, authenticator, limits, Rulebook.EMPTY, false, Optional.empty(), node -> http);
  }

  private TestServer(
      NativeTransport transport,
      Authenticator authenticator,
      Limits limits,
      Rulebook rulebook,
      boolean compression,
      Optional<Tls> tls,
      Function<Node, Function<Lane, ChannelHandler>> http)
      throws IOException {
    broker = new MemoryBroker(rulebook, Time.SYSTEM);
    node = new Node("test", broker, authenticator, limits, rulebook, telemetry, Time.SYSTEM);
    node.start();
    loops = Loops.open(transport, 2);
    listener =
        Listener.open(
            List.of(
                new Entrance(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    tls,
                    Optional.of(new Origins(List.of("https://chat.example"), true)),
                    http.apply(node))),
            loops,
            node,
            compression);
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
        Optional.empty(),
        node -> lane -> new NoHttp());
  }

  /** Starts one that compresses for those who ask for it. */
  public static TestServer compressing(NativeTransport transport, Limits limits)
      throws IOException {
    return new TestServer(
        transport,
        Authenticator.OPEN,
        limits,
        Rulebook.EMPTY,
        true,
        Optional.empty(),
        node -> lane -> new NoHttp());
  }

  /** Starts one that lets everybody in by TLS, and has all routes. */
  public static TestServer secure(NativeTransport transport, Tls tls, Limits limits)
      throws IOException {
    return whole(transport, Optional.of(tls), limits);
  }

  /** The same without TLS. */
  public static TestServer whole(NativeTransport transport) throws IOException {
    return whole(transport, Optional.empty(), Limits.DEFAULT);
  }

  private static TestServer whole(NativeTransport transport, Optional<Tls> tls, Limits limits)
      throws IOException {
    return new TestServer(
        transport,
        Authenticator.OPEN,
        limits,
        Rulebook.EMPTY,
        false,
        tls,
        node -> routes(node, tls.isPresent()));
  }

  private static Function<Lane, ChannelHandler> routes(Node node, boolean tls) {
    Ruling ruling = new Ruling(node, Rulebook.EMPTY, new RuleText(Roomcast.builder().config()));
    HttpRoutes routes =
        new HttpRoutes(
            node,
            out -> {},
            new Origins(List.of(), true, tls),
            new ServerApi(Keyring.NONE, new MemoryCluster(), ruling, true),
            Port.ONLY);
    return lane -> new HttpConnection(lane, routes);
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
    return listener.port(0);
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
    loops.close();
  }
}
