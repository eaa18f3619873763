package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a socket has taken a part of is ended before anything else is written to it. */
final class OutboxIT {
  /** More than a socket and its reader have room for. */
  private static final int LARGE = 16 * 1024 * 1024;

  private static final byte[] SMALL = "small".getBytes(StandardCharsets.UTF_8);

  @Test
  void writesNothingIntoTheMiddleOfAFrame() throws Exception {
    assumeThat(IoUring.isAvailable()).isTrue();
    CompletableFuture<ChannelHandlerContext> accepted = new CompletableFuture<>();
    try (MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory());
        Socket reader = new Socket()) {
      RingSender ring = Objects.requireNonNull(RingSender.of(group.next()));
      reader.setReceiveBufferSize(8192);
      reader.connect(listen(group, accepted).localAddress());
      ChannelHandlerContext context = accepted.get(10, TimeUnit.SECONDS);
      group.next().submit(() -> send(context, ring)).get(10, TimeUnit.SECONDS);
      byte[] heard = reader.getInputStream().readNBytes(LARGE + SMALL.length);
      byte[] expected = ("x".repeat(LARGE) + "small").getBytes(StandardCharsets.UTF_8);
      assertThat(Arrays.mismatch(heard, expected)).isEqualTo(-1);
    }
  }

  private static Channel listen(
      MultiThreadIoEventLoopGroup group, CompletableFuture<ChannelHandlerContext> accepted) {
    return new ServerBootstrap()
        .group(group)
        .channel(IoUringServerSocketChannel.class)
        .childHandler(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelActive(ChannelHandlerContext ctx) {
                accepted.complete(ctx);
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .syncUninterruptibly()
        .channel();
  }

  /** In one task of the loop. The owner is asked for nothing while the bounds hold. */
  @SuppressWarnings("NullAway")
  private static void send(ChannelHandlerContext context, RingSender ring) {
    Outbox outbox = new Outbox(context, null, Integer.MAX_VALUE, ring);
    ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(LARGE);
    frame.writeBytes("x".repeat(LARGE).getBytes(StandardCharsets.UTF_8));
    assertThat(outbox.share(frame)).isFalse();
    frame.release();
    outbox.write(PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(SMALL));
    outbox.flush();
  }
}
