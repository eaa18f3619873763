package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
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
import io.roomcast.room.Limits;
import io.roomcast.room.LogEvent;
import io.roomcast.room.Outgoing;
import io.roomcast.room.Session;
import io.roomcast.room.Transport;
import io.roomcast.room.Wheel;
import io.roomcast.tls.EndOfOutput;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket: reads commands, is its session's transport, keeps the link alive, and owns the
 * close path.
 *
 * <pre>
 *   OPEN --we close--> CLOSING --the client's close frame, or time--> GONE
 *     |                   |
 *     +--violation--------+--> DEAF (what comes is thrown away) --end of input, or time--> GONE
 *     +--the client's close frame: echoed--------------------------------------------> GONE
 * </pre>
 *
 * <p>The session ends, and so leaves its rooms, with the first step away from OPEN.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails is told to exceptionCaught.
final class WebSocketConnection extends ChannelInboundHandlerAdapter
    implements Transport, Wheel.Entry, FrameReader.Sink {
  /** Between pings, while the client answers. */
  static final int PING_SECONDS = 25;

  /** For an answer to a ping. */
  static final int PONG_SECONDS = 8;

  /** For the client's part of a close. */
  static final int CLOSE_SECONDS = 5;

  /** For a token, where one is needed. */
  static final int TOKEN_SECONDS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);
  private static final byte[] NO_BYTES = {};
  private static final int NO_CODE = 1006;

  private enum State {
    OPEN,
    CLOSING,
    DEAF,
    GONE
  }

  private final WebSocketLane shared;
  private final Bill bill;
  private final Authenticator.Identity identity;
  private final FrameReader reader;

  /** How it frames what goes to a whole room. */
  private final WebSocketEncoding encoding;

  private State state = State.OPEN;
  private boolean awaitingPong;
  private boolean behind;

  /** Whether pongs were written and not flushed: those to a burst of pings leave together. */
  private boolean pongs;

  private int place = -1;

  // Set when the handler is added, before anything else happens to it.
  @SuppressWarnings("NullAway.Init")
  private ChannelHandlerContext context;

  @SuppressWarnings("NullAway.Init")
  private Outbox outbox;

  @SuppressWarnings("NullAway.Init")
  private Session session;

  /**
   * Made by {@link Handshake} on the lane, when the connection has become a WebSocket.
   *
   * @param bill what it was charged with on its way, and will be
   * @param deflate whether messages may be compressed, both ways
   */
  WebSocketConnection(
      WebSocketLane shared, Bill bill, Authenticator.Identity identity, boolean deflate) {
    this.shared = shared;
    this.bill = bill;
    this.identity = identity;
    this.reader = new FrameReader(shared.dialect().binary(), deflate ? shared.inflation() : null);
    this.encoding = deflate ? WebSocketEncoding.DEFLATED : WebSocketEncoding.INSTANCE;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    outbox = new Outbox(ctx, this, limits().unreadBytes(), shared.ring());
    session = shared.node().open(shared.lane(), this, bill);
    if (!identity.equals(Authenticator.Identity.ANONYMOUS)) {
      shared.node().identify(session, identity);
    }
    deadline(shared.node().admission().mayStay(session) ? PING_SECONDS : TOKEN_SECONDS);
  }

  private Limits limits() {
    return shared.node().limits();
  }

  private void deadline(int seconds) {
    shared.lane().wheel().set(this, seconds);
  }

  // In

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof ByteBuf bytes) {
        heard();
        if (open()) {
          reader.read(bytes, shared.scratch(), limits().messageBytes(), ctx.alloc(), this);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void heard() {
    if (awaitingPong) {
      awaitingPong = false;
      if (state == State.OPEN && !behind) {
        deadline(PING_SECONDS - PONG_SECONDS);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (pongs) {
      pongs = false;
      outbox.flush();
    }
    shared.lane().flush();
  }

  @Override
  public boolean open() {
    return state == State.OPEN || state == State.CLOSING;
  }

  @Override
  public void onMessage(boolean text, byte[] bytes, int length) {
    if (state == State.OPEN) {
      shared.dialect().take(this, text, bytes, length);
    }
  }

  Session session() {
    return session;
  }

  @Override
  public void onPing(byte[] bytes, int length) {
    if (state == State.OPEN) {
      pongs = true;
      write(FrameWriter.control(context.alloc(), FrameWriter.PONG, bytes, length));
    }
  }

  @Override
  public void onPong() {
    // Whatever comes counts as an answer: see heard().
  }

  @Override
  public void onClose(int code) {
    if (state == State.OPEN) {
      end(State.GONE, code);
      ByteBuf echo =
          code == 1005
              ? FrameWriter.control(context.alloc(), FrameWriter.CLOSE, NO_BYTES, 0)
              : FrameWriter.close(context.alloc(), code, "");
      deadline(CLOSE_SECONDS);
      outbox.last(echo, ChannelFutureListener.CLOSE);
    } else {
      abort();
    }
  }

  @Override
  public void onViolation(CloseCode code, String text) {
    boolean first = state == State.OPEN;
    end(State.DEAF, code.code());
    if (first) {
      deadline(CLOSE_SECONDS);
      outbox.last(FrameWriter.close(context.alloc(), code.code(), text), done -> finishOutput());
    }
  }

  /**
   * Ends our direction only: closing outright while input is unread would reset the connection, and
   * the reset would overtake the close frame.
   */
  private void finishOutput() {
    EndOfOutput.on(context.channel());
  }

  // Out

  @Override
  public Encoding encoding() {
    return encoding;
  }

  @Override
  public boolean write(Outgoing outgoing) {
    if (state != State.OPEN) {
      return false;
    }
    WebSocketEncoding.SharedFrame frame = (WebSocketEncoding.SharedFrame) outgoing.frame(encoding);
    return outbox.share(frame.bytes());
  }

  @Override
  public void write(byte[] json) {
    if (state == State.OPEN) {
      write(encoding.frame(json, context.alloc()));
    }
  }

  /** Sends a binary message, where the {@link Dialect} has such. */
  void binary(byte[] bytes, int length) {
    if (state == State.OPEN) {
      write(FrameWriter.message(context.alloc(), FrameWriter.BINARY, bytes, length));
      flush();
    }
  }

  /** Takes a frame, whose claim passes on. */
  void write(ByteBuf frame) {
    outbox.write(frame);
  }

  @Override
  public void flush() {
    outbox.flush();
  }

  @Override
  public boolean writable() {
    return outbox.writable();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (state != State.OPEN) {
      return;
    }
    behind = !ctx.channel().isWritable();
    awaitingPong = false;
    if (behind) {
      deadline((int) limits().unreadFor().toSeconds());
    } else if (!endedByToken()) {
      deadline(PING_SECONDS);
      session.drained();
    }
  }

  /** What waited to be written is on its way. */
  void drained() {
    if (state == State.OPEN) {
      session.drained();
    }
  }

  /** Closes when there is no token that is good, where one is needed. */
  private boolean endedByToken() {
    if (shared.node().admission().expired(session)) {
      close(CloseCode.TOKEN_EXPIRED, "the token has expired: come back with a new one", 0);
      return true;
    }
    if (!shared.node().admission().mayStay(session)) {
      close(CloseCode.INVALID_TOKEN, "no token within " + TOKEN_SECONDS + " s", 0);
      return true;
    }
    return false;
  }

  void tooSlow(String why) {
    if (state != State.OPEN) {
      return;
    }
    shared.node().telemetry().dropped(DropReason.SLOW_READER, 1);
    close(CloseCode.SLOW_READER, CloseCode.SLOW_READER.text() + ": " + why, 0);
  }

  @Override
  public void close(CloseCode code, String text, long reconnectAfterMillis) {
    if (state != State.OPEN) {
      return;
    }
    end(State.CLOSING, code.code());
    deadline(CLOSE_SECONDS);
    if (code.code() >= 4000 || code == CloseCode.GOING_AWAY) {
      byte[] json = Reply.disconnect(code, text, reconnectAfterMillis);
      outbox.write(FrameWriter.text(context.alloc(), json));
    }
    outbox.write(FrameWriter.close(context.alloc(), code.code(), code.text()));
    outbox.flush();
  }

  // Time

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int value) {
    place = value;
  }

  @Override
  public void onDeadline() {
    try {
      pass();
    } catch (RuntimeException | OutOfMemoryError e) {
      // Others on the lane have deadlines too.
      LOG.error(LogEvent.CONNECTION_FAILED.marker(), "connection failed", e);
      abort();
    }
  }

  private void pass() {
    if (state != State.OPEN) {
      abort();
    } else if (behind) {
      tooSlow("a backlog for " + limits().unreadFor().toSeconds() + " s");
    } else if (endedByToken()) {
      return;
    } else if (awaitingPong) {
      close(CloseCode.NO_PONG, CloseCode.NO_PONG.text(), 0);
    } else {
      awaitingPong = true;
      deadline(PONG_SECONDS);
      outbox.write(FrameWriter.control(context.alloc(), FrameWriter.PING, NO_BYTES, 0));
      outbox.flush();
    }
  }

  private void abort() {
    state = State.GONE;
    context.close();
  }

  // End

  private void end(State next, int code) {
    state = next;
    shared.node().ended(session, code);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(State.GONE, NO_CODE);
    shared.lane().wheel().clear(this);
    reader.release();
    shared.lane().flush();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    reader.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error(LogEvent.CONNECTION_FAILED.marker(), "connection failed", cause);
      close(CloseCode.INTERNAL_ERROR, CloseCode.INTERNAL_ERROR.text(), 0);
      return;
    }
    abort();
  }
}
