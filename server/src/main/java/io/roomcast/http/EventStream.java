package io.roomcast.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Reply;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Bill;
import io.roomcast.room.DropReason;
import io.roomcast.room.Encoding;
import io.roomcast.room.JoinCallback;
import io.roomcast.room.JoinFrom;
import io.roomcast.room.JoinStart;
import io.roomcast.room.Lane;
import io.roomcast.room.LogEvent;
import io.roomcast.room.Node;
import io.roomcast.room.Outgoing;
import io.roomcast.room.Publication;
import io.roomcast.room.Session;
import io.roomcast.room.Transport;
import io.roomcast.room.Wheel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session whose wire is a stream of Server-Sent Events. Lives on its lane, as a handler of its
 * connection's pipeline.
 *
 * <pre>
 *   joining --begin--> streaming --close, or the client goes--> ended
 *      '-----giveUp, close, or the client goes------------------^
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails reaches exceptionCaught.
final class EventStream extends ChannelInboundHandlerAdapter implements Transport, Wheel.Entry {
  /** Well within what proxies and NATs allow a silent connection. */
  private static final int KEEP_ALIVE_SECONDS = 25;

  /** The client went without a word. */
  private static final int NO_CLOSE_CODE = 1006;

  /** How long the last event may take to get out. */
  private static final int CLOSE_SECONDS = 2;

  /** How long a client waits before it comes back, 1 s; and that the join was confirmed. */
  private static final ByteBuf OPENING = text("retry: 1000\n: subscribed\n\n");

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final ByteBuf KEEP_ALIVE = text(":\n\n");
  private static final byte[] DISCONNECT =
      "event: disconnect\n".getBytes(StandardCharsets.US_ASCII);

  private final Node node;
  private final Lane lane;
  private final Session session;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Backlog backlog;
  private boolean ended;
  private int place = -1;

  EventStream(Node node, Lane lane, Authenticator.Identity reader, Bill bill) {
    this.node = node;
    this.lane = lane;
    this.session = node.open(lane, this, bill);
    node.identify(session, reader);
  }

  private static ByteBuf text(String text) {
    ByteBuf bytes = Unpooled.directBuffer(text.length());
    ByteBufUtil.writeAscii(bytes, text);
    return Unpooled.unreleasableBuffer(bytes.asReadOnly());
  }

  void join(String room, JoinFrom from, JoinCallback callback) {
    node.join(session, room, from, callback);
  }

  /**
   * Begins to stream: the connection's head is out, and all else on it is this object's.
   *
   * @param first JSON of a first event; empty for none
   */
  void begin(JoinStart start, byte[] first) {
    ChannelHandlerContext to = ctx;
    if (to == null || ended) {
      return;
    }
    backlog = new Backlog(to.channel(), lane.wheel(), node.limits(), this::tooSlow);
    to.write(OPENING.duplicate(), to.voidPromise());
    opening(to, start, first);
    flush();
    lane.wheel().set(this, KEEP_ALIVE_SECONDS);
  }

  private static void opening(ChannelHandlerContext to, JoinStart start, byte[] first) {
    ByteBuf out = to.alloc().directBuffer();
    EventEncoding.id(start.position(), out);
    if (first.length > 0) {
      EventEncoding.write(first, out);
    } else if (start.position().known()) {
      // A position without data: the client keeps it, and tells nobody.
      out.writeByte('\n');
    }
    for (Publication publication : start.missed()) {
      EventEncoding.write(publication, out);
    }
    to.write(out, to.voidPromise());
  }

  /** Leaves the connection, on which nothing has been written. */
  void giveUp() {
    end(CloseCode.INTERNAL_ERROR.code());
    if (ctx != null && !ctx.isRemoved()) {
      ctx.pipeline().remove(this);
    }
  }

  @Override
  public Encoding encoding() {
    return EventEncoding.INSTANCE;
  }

  @Override
  public boolean write(Outgoing outgoing) {
    ChannelHandlerContext to = ctx;
    if (to != null && backlog != null && !ended) {
      EventEncoding.Events events = (EventEncoding.Events) outgoing.frame(EventEncoding.INSTANCE);
      to.write(events.bytes().retainedDuplicate(), to.voidPromise());
      return true;
    }
    return false;
  }

  @Override
  public void write(byte[] json) {
    ChannelHandlerContext to = ctx;
    if (to != null && backlog != null && !ended) {
      ByteBuf out = to.alloc().directBuffer(EventEncoding.size(json));
      EventEncoding.write(json, out);
      to.write(out, to.voidPromise());
    }
  }

  @Override
  public void flush() {
    ChannelHandlerContext to = ctx;
    Backlog behind = backlog;
    if (to != null && behind != null && !ended) {
      to.flush();
      behind.check();
    }
  }

  @Override
  public boolean writable() {
    return ctx == null || ctx.channel().isWritable();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      session.drained();
    }
    context.fireChannelWritabilityChanged();
  }

  /** Before the stream has begun, the failed join is what the client is told. */
  @Override
  public void close(CloseCode code, String text, long reconnectAfterMillis) {
    ChannelHandlerContext to = ctx;
    if (ended || to == null) {
      return;
    }
    boolean begun = backlog != null;
    end(code.code());
    if (begun) {
      byte[] json = Reply.disconnect(code, text, reconnectAfterMillis);
      ByteBuf out = to.alloc().directBuffer(DISCONNECT.length + EventEncoding.size(json));
      EventEncoding.write(json, out.writeBytes(DISCONNECT));
      lane.wheel().set(this, CLOSE_SECONDS);
      to.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void tooSlow() {
    node.telemetry().dropped(DropReason.SLOW_READER, 1);
    end(CloseCode.SLOW_READER.code());
    if (ctx != null) {
      ctx.close();
    }
  }

  private void end(int code) {
    if (!ended) {
      ended = true;
      lane.wheel().clear(this);
      if (backlog != null) {
        backlog.stop();
      }
      node.ended(session, code);
    }
  }

  @Override
  public void onDeadline() {
    ChannelHandlerContext to = ctx;
    if (to == null) {
      return;
    }
    if (ended) {
      to.close();
    } else if (node.admission().expired(session)) {
      close(CloseCode.TOKEN_EXPIRED, "the token has expired: come back with a new one", 0);
    } else {
      to.write(KEEP_ALIVE.duplicate(), to.voidPromise());
      flush();
      if (!ended) {
        lane.wheel().set(this, KEEP_ALIVE_SECONDS);
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end(CloseCode.INTERNAL_ERROR.code());
    lane.wheel().clear(this);
  }

  /** What a client says while it reads is of no interest. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(NO_CLOSE_CODE);
    lane.wheel().clear(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error(LogEvent.CONNECTION_FAILED.marker(), "Stream failed", cause);
    }
    context.close();
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int value) {
    place = value;
  }
}
