package io.roomcast.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** The one event loop that everything runs on, on the best transport that the kernel has. */
final class Loop implements AutoCloseable {
  private static final short RING_GROUP = 1;
  private static final int READ_BYTES = 16 * 1024;
  private static final int CLOSING_TRIES = 1000;

  private final MultiThreadIoEventLoopGroup group;
  private final Bootstrap bootstrap;
  private final String transport;
  private final ChannelOption<Boolean> quickAcknowledge;
  private final List<Link> unflushed = new ArrayList<>();
  private boolean flushing;
  private final Set<Channel> connections = new HashSet<>();

  /** Made when the first URL wants it. */
  private @Nullable SslContext tls;

  private Loop(
      String transport,
      IoHandlerFactory io,
      Bootstrap bootstrap,
      ChannelOption<Boolean> quickAcknowledge) {
    this.quickAcknowledge = quickAcknowledge;
    this.transport = transport;
    this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("load", true), io);
    this.bootstrap =
        bootstrap
            .group(group)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_LINGER, 0)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 20_000)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1));
  }

  static Loop open() {
    Bootstrap bootstrap = new Bootstrap();
    if (IoUring.isAvailable() && IoUring.isRegisterBufferRingSupported()) {
      bootstrap.channel(IoUringSocketChannel.class);
      bootstrap.option(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, RING_GROUP);
      return new Loop(
          "io_uring",
          IoUringIoHandler.newFactory(rings()),
          bootstrap,
          IoUringChannelOption.TCP_QUICKACK);
    }
    if (Epoll.isAvailable()) {
      bootstrap.channel(EpollSocketChannel.class);
      return new Loop(
          "epoll", EpollIoHandler.newFactory(), bootstrap, EpollChannelOption.TCP_QUICKACK);
    }
    bootstrap.channel(NioSocketChannel.class);
    return new Loop(
        "nio",
        NioIoHandler.newFactory(),
        bootstrap,
        NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK));
  }

  /** A read takes a buffer from the ring, so that idle connections hold none. */
  private static IoUringIoHandlerConfig rings() {
    IoUringBufferRingConfig buffers =
        IoUringBufferRingConfig.builder()
            .bufferGroupId(RING_GROUP)
            .bufferRingSize((short) 4096)
            .batchSize(512)
            .allocator(new IoUringFixedBufferRingAllocator(READ_BYTES))
            .build();
    return new IoUringIoHandlerConfig()
        .setRingSize(4096)
        .setCqSize(32_768)
        .setBufferRingConfig(buffers);
  }

  String transport() {
    return transport;
  }

  EventLoop executor() {
    return group.next();
  }

  /** Runs something on the loop's thread and waits for it. */
  <T> T call(Callable<T> work) {
    return executor().submit(work).syncUninterruptibly().getNow();
  }

  /** Runs something on the loop's thread and waits for it. */
  void run(Runnable work) {
    executor().submit(work).syncUninterruptibly();
  }

  void connect(URI url, Link link) {
    boolean secure = "wss".equals(url.getScheme()) || "https".equals(url.getScheme());
    Bootstrap one = bootstrap.clone().handler(secure ? new Secure(tls(), url, link) : link);
    one.connect(new InetSocketAddress(url.getHost(), url.getPort()))
        .addListener(
            done -> {
              if (done.isSuccess()) {
                Channel channel = ((ChannelFuture) done).channel();
                connections.add(channel);
                channel.closeFuture().addListener(closed -> connections.remove(channel));
              } else {
                link.failed(done.cause());
              }
            });
  }

  /** Whose certificate it is does not matter to a load. */
  private SslContext tls() {
    SslContext made = tls;
    if (made == null) {
      try {
        made =
            SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm("")
                .build();
      } catch (SSLException e) {
        throw new IllegalStateException("no TLS here", e);
      }
      tls = made;
    }
    return made;
  }

  /** Puts TLS before a link. */
  private static final class Secure extends ChannelInitializer<Channel> {
    private final SslContext tls;
    private final URI url;
    private final Link link;

    Secure(SslContext tls, URI url, Link link) {
      this.tls = tls;
      this.url = url;
      this.link = link;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(tls.newHandler(channel.alloc(), url.getHost(), url.getPort()), link);
    }
  }

  /** How many connections are not closed. For the loop's thread. */
  int connections() {
    return connections.size();
  }

  /**
   * Lets the kernel acknowledge every 536 bytes or 40 ms, as on a connection that also sends, and
   * not every read: acknowledging is half of what receiving a small message costs.
   */
  void acknowledgeLess(Channel channel) {
    channel.config().setOption(quickAcknowledge, false);
  }

  /** Flushes the link when everything that was read at this turn is dealt with. */
  void flushLater(Link link) {
    unflushed.add(link);
    if (!flushing) {
      flushing = true;
      executor().execute(this::flush);
    }
  }

  private void flush() {
    flushing = false;
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).flush();
    }
    unflushed.clear();
  }

  private void closeAll() {
    for (Channel channel : List.copyOf(connections)) {
      var unused = channel.close();
    }
  }

  /** Ends the loop, and all connections: it would leave them to the end of the process. */
  @Override
  public void close() {
    run(this::closeAll);
    for (int i = 0; i < CLOSING_TRIES && call(this::connections) > 0; i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
