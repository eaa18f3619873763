package io.roomcast.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.roomcast.Roomcast;
import io.roomcast.config.RuleText;
import io.roomcast.memory.MemoryBroker;
import io.roomcast.memory.MemoryCluster;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Broker;
import io.roomcast.room.Cluster;
import io.roomcast.room.Control;
import io.roomcast.room.Keyring;
import io.roomcast.room.Lane;
import io.roomcast.room.Limits;
import io.roomcast.room.Node;
import io.roomcast.room.Origins;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Ruling;
import io.roomcast.room.Telemetry;
import io.roomcast.room.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** A whole HTTP front on a free port of the loopback interface. Its seconds pass when told to. */
final class HttpTestServer implements AutoCloseable {
  static final byte[] INDEX = "<!doctype html><title>t</title>\n".getBytes(StandardCharsets.UTF_8);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicLong heard = new AtomicLong();
  private final Node node;
  private final Lane lane;
  private final Channel listener;

  private HttpTestServer(Setup setup) {
    node =
        new Node(
            "test",
            setup.broker,
            setup.authenticator,
            setup.limits,
            setup.rulebook,
            setup.telemetry,
            Time.SYSTEM);
    lane = node.addLane(loop, loop::inEventLoop);
    node.start();
    Ruling ruling = new Ruling(node, setup.rulebook, new RuleText(Roomcast.builder().config()));
    setup.cluster.start(new Control(node, ruling, "test"));
    HttpRoutes routes =
        new HttpRoutes(
            node,
            out -> out.write("roomcast_test 1\n".getBytes(StandardCharsets.US_ASCII)),
            new Origins(List.of("https://listed.example"), true),
            new ServerApi(setup.keyring, setup.cluster, ruling, setup.local),
            Port.ONLY,
            List.of(
                Page.of("/", Page.mediaType("index.html"), INDEX),
                Page.of("/console/app.js", Page.mediaType("app.js"), new byte[] {';'})));
    listener =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections.add(channel);
                    channel.pipeline().addLast(new Ear());
                    channel.pipeline().addLast(new HttpServerCodec());
                    channel.pipeline().addLast(new HttpConnection(lane, routes));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  /** What a server is made of, each with something that does. */
  static final class Setup {
    private Broker broker = new MemoryBroker(Rulebook.EMPTY, Time.SYSTEM);
    private Authenticator authenticator = Authenticator.OPEN;
    private Limits limits = Limits.DEFAULT;
    private Telemetry telemetry = Telemetry.NONE;
    private Rulebook rulebook = new Rulebook(List.of());
    private Keyring keyring = Keyring.NONE;
    private Cluster cluster = new MemoryCluster();
    private boolean local = true;

    /** Keys of the server API, on a server that asks for them. */
    Setup keyring(Keyring value) {
      keyring = value;
      local = false;
      return this;
    }

    Setup cluster(Cluster value) {
      cluster = value;
      return this;
    }

    Setup broker(Broker value) {
      broker = value;
      return this;
    }

    Setup authenticator(Authenticator value) {
      authenticator = value;
      return this;
    }

    Setup limits(Limits value) {
      limits = value;
      return this;
    }

    Setup telemetry(Telemetry value) {
      telemetry = value;
      return this;
    }

    /** Rules, and a broker in memory that keeps to them. */
    Setup rulebook(Rulebook value) {
      rulebook = value;
      return broker(new MemoryBroker(value, Time.SYSTEM));
    }

    HttpTestServer start() {
      return new HttpTestServer(this);
    }
  }

  static HttpTestServer start() {
    return new Setup().start();
  }

  Node node() {
    return node;
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  int connections() {
    return connections.size();
  }

  /** Has the only client so far say something, and waits until the server has dealt with it. */
  void hear(RawClient client, String text) throws IOException {
    client.send(text);
    Awaitility.await().until(() -> heard.get() == client.sent());
  }

  /** Stands first in a pipeline, and counts bytes when all behind it have had them. */
  private final class Ear extends ChannelInboundHandlerAdapter {
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      bytes += ((ByteBuf) message).readableBytes();
      context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.fireChannelReadComplete();
      heard.addAndGet(bytes);
      bytes = 0;
    }
  }

  /** Lets seconds pass. */
  void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      loop.submit(lane::tick).syncUninterruptibly();
    }
  }

  /** Waits for the client's connection, the only one, to be ready. */
  void awaitConnection() {
    Awaitility.await().until(() -> connections.size() == 1);
    // The listener's loop, which is the same, has then finished what it does about it.
    loop.submit(() -> {}).syncUninterruptibly();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    connections.close().syncUninterruptibly();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
