package io.roomcast.websocket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.roomcast.memory.MemoryBroker;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Lane;
import io.roomcast.room.Limits;
import io.roomcast.room.Node;
import io.roomcast.room.Origins;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Telemetry;
import io.roomcast.room.Time;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The product's WebSocket, from the handshake to the close, with another language on top of it:
 * every message is answered by itself. At any path, for test suites that ask for an echo at their
 * own.
 */
public final class EchoServer implements AutoCloseable {
  private static final int MIB = 1024 * 1024;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel listener;

  /** Starts one; port 0 takes a free one. */
  public EchoServer(int port, int messageBytes, boolean compression) {
    EventLoop loop = group.next();
    Limits limits =
        new Limits(
            messageBytes,
            128,
            0,
            0,
            100,
            4 * Math.max(messageBytes, MIB),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5));
    Node node =
        new Node(
            "echo",
            new MemoryBroker(Rulebook.EMPTY, Time.SYSTEM),
            Authenticator.OPEN,
            limits,
            Rulebook.EMPTY,
            Telemetry.NONE,
            Time.SYSTEM);
    node.start();
    Lane lane = node.addLane(loop, loop::inEventLoop);
    WebSocketLane webSockets = new WebSocketLane(node, lane, compression, null, new Echo());
    Origins origins = new Origins(List.of("null"), true);
    Future<?> ticking = loop.scheduleAtFixedRate(lane::tick, 1, 1, TimeUnit.SECONDS);
    assert !ticking.isDone();
    listener =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new AnyPath(),
                            new Handshake(webSockets, origins));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), port)
            .syncUninterruptibly()
            .channel();
  }

  /** Runs one on a port, for other programs, until it is ended. */
  public static void main(String[] args) throws InterruptedException {
    try (EchoServer server =
        new EchoServer(Integer.parseInt(args[0]), 16 * MIB, List.of(args).contains("deflate"))) {
      System.out.println("echo at " + server.port());
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  /** Where it listens. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Every path is the WebSocket's. */
  private static final class AnyPath extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        request.setUri(Handshake.PATH);
      }
      context.fireChannelRead(message);
    }
  }

  /** Answers by what came. */
  private record Echo() implements Dialect {
    @Override
    public boolean binary() {
      return true;
    }

    @Override
    public void take(WebSocketConnection from, boolean text, byte[] bytes, int length) {
      if (text) {
        from.session().send(java.util.Arrays.copyOf(bytes, length));
      } else {
        from.binary(bytes, length);
      }
    }
  }
}
