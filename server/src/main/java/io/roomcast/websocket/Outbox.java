package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * One connection's bounded way out. Output that the client does not read waits here; a client is
 * too slow when more than {@code limit} bytes wait. How long it may have any backlog is counted by
 * its connection, which Netty tells when the water marks are passed.
 *
 * <p>What goes to a whole room takes the loop's {@link RingSender}, where there is one and nothing
 * waits; all else is Netty's.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails is told to exceptionCaught.
final class Outbox {
  /** Bytes that may wait for the ring before no more is asked for. */
  private static final int FULL = 64 * 1024;

  private final ChannelHandlerContext context;
  private final Channel channel;
  private final WebSocketConnection owner;
  private final @Nullable RingSender ring;
  private final int limit;
  private final int fd;

  /** Whether Netty may have something that it has not sent yet. */
  private boolean busy = true;

  /** How much waits for the ring, in bytes and one for each action. */
  private int held;

  /** The last operation in the ring. */
  private long last = -1;

  Outbox(
      ChannelHandlerContext context,
      WebSocketConnection owner,
      int limit,
      @Nullable RingSender ring) {
    this.context = context;
    this.channel = context.channel();
    this.owner = owner;
    this.limit = limit;
    boolean direct =
        ring != null
            && channel instanceof UnixChannel
            && channel.pipeline().get(SslHandler.class) == null;
    this.ring = direct ? ring : null;
    this.fd = direct ? ((UnixChannel) channel).fd().intValue() : -1;
  }

  /** Takes bytes, whose claim passes on. They are sent by {@link #flush}. */
  void write(ByteBuf bytes) {
    if (waits()) {
      hold(
          bytes.readableBytes(),
          () -> {
            put(bytes);
            context.flush();
          });
    } else {
      put(bytes);
    }
  }

  /**
   * Takes a frame that many share, which stays the caller's.
   *
   * @return whether it is sent by {@link #flush} only
   */
  boolean share(ByteBuf frame) {
    if (waits()) {
      write(frame.retainedDuplicate());
      return false;
    }
    if (ring != null && idle()) {
      long number = ring.send(this, fd, frame);
      if (number >= 0) {
        last = number;
        return false;
      }
    }
    put(frame.retainedDuplicate());
    return true;
  }

  /** Sends bytes, whose claim passes on, and then does something. */
  void last(ByteBuf bytes, ChannelFutureListener then) {
    if (waits()) {
      hold(bytes.readableBytes(), () -> context.writeAndFlush(bytes).addListener(then));
    } else {
      context.writeAndFlush(bytes).addListener(then);
    }
  }

  /** Whether more would not wait for long. */
  boolean writable() {
    return held < FULL && channel.isWritable();
  }

  void flush() {
    // What waits for the ring is flushed when it is written.
    if (!waits()) {
      context.flush();
    }
  }

  private void put(ByteBuf bytes) {
    busy = true;
    context.write(bytes, context.voidPromise());
    if (!channel.isWritable() && waiting() > limit) {
      owner.tooSlow("more than " + limit + " bytes unread");
    }
  }

  private long waiting() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  // The ring

  /** Whether Netty has nothing for the socket, and the socket is open. */
  private boolean idle() {
    if (busy) {
      ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
      busy = buffer == null || buffer.totalPendingWriteBytes() > 0;
    }
    // Not by the connection's state: that learns of the end a little later.
    return !busy && channel.isActive();
  }

  private boolean waits() {
    return ring != null && (held > 0 || !answered());
  }

  /** Whether all operations have had their answers. */
  boolean answered() {
    return ring == null || ring.answered(last);
  }

  private void hold(int bytes, Runnable action) {
    if (ring != null) {
      held += bytes + 1;
      ring.hold(this, bytes + 1, action);
    }
  }

  /** Does what waited for the ring. */
  void resume(int size, Runnable action) {
    boolean full = held >= FULL;
    held -= size;
    action.run();
    if (full && held < FULL && channel.isWritable()) {
      owner.drained();
    }
  }

  /** The socket has taken only so much of a frame, which stays the caller's. */
  void unsent(ByteBuf frame, int sent) {
    put(frame.retainedSlice(frame.readerIndex() + sent, frame.readableBytes() - sent));
    context.flush();
  }
}
