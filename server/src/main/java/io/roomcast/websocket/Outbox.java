package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * One connection's bounded way out. Output that the client does not read waits here; a client is
 * too slow when more than {@code limit} bytes wait. How long it may have any backlog is counted by
 * its connection, which Netty tells when the water marks are passed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails is told to exceptionCaught.
final class Outbox {
  private final ChannelHandlerContext context;
  private final int limit;

  Outbox(ChannelHandlerContext context, int limit) {
    this.context = context;
    this.limit = limit;
  }

  /**
   * Takes bytes, whose claim passes on. They are sent by {@link #flush}.
   *
   * @return whether the bound still holds
   */
  boolean write(ByteBuf bytes) {
    context.write(bytes, context.voidPromise());
    Channel channel = context.channel();
    return channel.isWritable() || waiting(channel) <= limit;
  }

  private static long waiting(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  void flush() {
    context.flush();
  }
}
