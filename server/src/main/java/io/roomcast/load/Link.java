package io.roomcast.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: the handshake, then frames read where they lie.
 *
 * <pre>
 * CONNECTING -> UPGRADING -> GREETING -> OPEN -> CLOSING -> CLOSED
 * CONNECTING -> PLAIN -> CLOSED                       (a publisher by HTTP)
 * </pre>
 */
final class Link extends ChannelInboundHandlerAdapter {
  /** Who is told what comes. All calls are on the loop's thread. */
  interface Owner {
    /** The connection may be used. Once. */
    void ready();

    /** What was asked by {@link #ask} is done. */
    void reply();

    /**
     * A message.
     *
     * @param at where its payload begins in the buffer, which is valid during the call
     * @param now nanoseconds, when it was read
     */
    void message(ByteBuf in, int at, long now);

    /** The server said no. */
    void refused(String text);

    /** The connection failed, or ended without having been asked to. */
    void broken(String why);

    /** The connection ended as it was asked to. */
    default void closed() {}

    /**
     * A text frame without a payload.
     *
     * @return whether the owner has dealt with it; otherwise it is judged by the wire
     */
    default boolean text(ByteBuf in, int at, int length) {
      return false;
    }
  }

  private enum State {
    CONNECTING,
    UPGRADING,
    GREETING,
    OPEN,
    PLAIN,
    CLOSING,
    CLOSED
  }

  private static final byte[] PING = Frames.frame(Frames.PING, Frames.NONE);
  private static final byte[] GOODBYE = Frames.frame(Frames.CLOSE, new byte[] {3, (byte) 0xe8});
  private static final long HTTP = Frames.eight("HTTP/1.1");
  private static final int SHOWN = 200;

  private final Loop loop;
  private final Wire wire;
  private final Owner owner;

  private State state = State.CONNECTING;
  private byte[] request = Frames.NONE;
  private ByteBuf rest = Unpooled.EMPTY_BUFFER;
  private @Nullable Channel channel;

  /** Where the payload was found in the last message, from the content's start. */
  private int payloadOffset;

  /** Where the content lies of the frame that the owner is being told of. */
  private int contentAt;

  private int contentLength;

  private long heard;
  private boolean unflushed;

  Link(Loop loop, Wire wire, Owner owner) {
    this.loop = loop;
    this.wire = wire;
    this.owner = owner;
  }

  /**
   * Connects, once.
   *
   * @param upgrade whether to turn it into a WebSocket
   */
  void connect(URI url, String path, boolean upgrade) {
    request = upgrade ? upgradeRequest(url, path) : Frames.NONE;
    heard = System.nanoTime();
    loop.connect(url, this);
  }

  /** When something last came, or {@link #connect} was called; nanoseconds. */
  long heard() {
    return heard;
  }

  /** Where the frame's content begins, while the owner is told of a message. */
  int contentAt() {
    return contentAt;
  }

  /** How long it is. */
  int contentLength() {
    return contentLength;
  }

  private static byte[] upgradeRequest(URI url, String path) {
    return """
        GET %s HTTP/1.1\r
        Host: %s:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: cm9vbWNhc3QgYmVuY2ghIQ==\r
        Sec-WebSocket-Version: 13\r
        \r
        """
        .formatted(path, url.getHost(), url.getPort())
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Queues whole frames; they leave when the loop is through with what it has read. */
  void send(byte[] bytes) {
    Channel to = channel;
    if (to == null || state == State.CLOSED) {
      return;
    }
    ByteBuf out = to.alloc().directBuffer(bytes.length);
    out.writeBytes(bytes);
    var unused = to.write(out, to.voidPromise());
    if (!unflushed) {
      unflushed = true;
      loop.flushLater(this);
    }
  }

  /** Acknowledges less often, for a connection that mostly receives. */
  void acknowledgeLess() {
    if (channel != null) {
      loop.acknowledgeLess(channel);
    }
  }

  void flush() {
    unflushed = false;
    if (channel != null) {
      channel.flush();
    }
  }

  /** Sends what the server answers, by itself or after a ping, with {@link Owner#reply}. */
  void ask(byte[] command) {
    send(command);
    if (!wire.answers()) {
      send(PING);
    }
  }

  /** Asks for a sign of life. */
  void ping() {
    send(PING);
  }

  /** Reads, or leaves everything to pile up at the server. */
  void reading(boolean on) {
    if (channel != null) {
      channel.config().setAutoRead(on);
    }
  }

  /** Ends the connection without a word. */
  void drop(String why) {
    end(why);
  }

  /** Closes as RFC 6455 has it: the server has done all that was said before when it answers. */
  void close() {
    send(GOODBYE);
    state = State.CLOSING;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (state == State.CLOSED) {
      var unused = ctx.close();
      return;
    }
    channel = ctx.channel();
    if (request.length == 0) {
      state = State.PLAIN;
      owner.ready();
    } else {
      state = State.UPGRADING;
      send(request);
    }
  }

  /** The connection could not be made. */
  void failed(Throwable cause) {
    end("connect: " + cause.getMessage());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (rest.isReadable()) {
      in = ctx.alloc().buffer().writeBytes(rest).writeBytes(in);
      ((ByteBuf) message).release();
      rest.release();
      rest = Unpooled.EMPTY_BUFFER;
    }
    heard = System.nanoTime();
    take(in);
    if (in.isReadable() && state != State.CLOSED) {
      rest = ctx.alloc().buffer(in.readableBytes()).writeBytes(in);
    }
    in.release();
  }

  private void take(ByteBuf in) {
    if (state == State.UPGRADING) {
      upgraded(in);
    } else if (state == State.PLAIN) {
      answered(in);
    }
    if (state == State.GREETING || state == State.OPEN || state == State.CLOSING) {
      frames(in, heard);
    }
  }

  private void upgraded(ByteBuf in) {
    String head = in.toString(StandardCharsets.US_ASCII);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      return;
    }
    if (!head.startsWith("HTTP/1.1 101")) {
      end("no upgrade: " + head.lines().findFirst().orElse(""));
      return;
    }
    in.skipBytes(end + 4);
    state = State.GREETING;
    byte[] greeting = wire.greeting();
    if (greeting.length == 0) {
      state = State.OPEN;
      owner.ready();
    } else {
      send(greeting);
    }
  }

  /** Looks at a plain HTTP answer's status; the answers to pipelined requests come together. */
  private void answered(ByteBuf in) {
    int at = in.readerIndex();
    if (in.readableBytes() >= 12 && in.getLong(at) == HTTP && in.getByte(at + 9) != '2') {
      owner.refused(shown(in, at, in.readableBytes()));
    }
    in.skipBytes(in.readableBytes());
  }

  private void frames(ByteBuf in, long now) {
    int at = in.readerIndex();
    int end = in.writerIndex();
    while (end - at >= 2 && state != State.CLOSED) {
      int start = in.getShort(at);
      int length = start & 0x7f;
      int content = at + 2;
      if (length == 126) {
        content = at + 4;
        length = end < content ? Integer.MAX_VALUE : in.getUnsignedShort(at + 2);
      } else if (length == 127) {
        content = at + 10;
        length = end < content ? Integer.MAX_VALUE : (int) in.getLong(at + 2);
      }
      if (end - content < length) {
        break;
      }
      at = content + length;
      in.readerIndex(at);
      frame(start >>> 8 & 0x0f, in, content, length, now);
    }
  }

  private void frame(int opcode, ByteBuf in, int at, int length, long now) {
    switch (opcode) {
      case Frames.TEXT, Frames.BINARY -> content(in, at, length, now);
      case Frames.PING -> pinged(in, at, length);
      case Frames.PONG -> {
        if (!wire.answers()) {
          owner.reply();
        }
      }
      case Frames.CLOSE -> goodbye(in, at, length);
      default -> end("a fragmented or reserved frame, opcode " + opcode);
    }
  }

  private void content(ByteBuf in, int at, int length, long now) {
    int last = at + length - Payload.LEAST;
    int payload = at + payloadOffset;
    if (payload > last || in.getLong(payload) != Payload.MARK) {
      payload = Payload.find(in, at, length);
      if (payload < 0) {
        other(in, at, length);
        return;
      }
      payloadOffset = payload - at;
    }
    contentAt = at;
    contentLength = length;
    owner.message(in, payload, now);
  }

  private void other(ByteBuf in, int at, int length) {
    if (owner.text(in, at, length)) {
      return;
    }
    switch (wire.kind(eight(in, at, length), eight(in, at + 8, length - 8))) {
      case READY -> {
        if (state == State.GREETING) {
          state = State.OPEN;
          owner.ready();
        }
      }
      case REPLY -> owner.reply();
      case PING -> send(wire.pong());
      case ERROR -> owner.refused(shown(in, at, length));
      case OTHER -> {}
    }
  }

  private static long eight(ByteBuf in, int at, int length) {
    long out = 0;
    for (int i = 0; i < 8; i++) {
      out = out << 8 | (i < length ? in.getUnsignedByte(at + i) : 0);
    }
    return out;
  }

  private static String shown(ByteBuf in, int at, int length) {
    return in.toString(at, Math.min(length, SHOWN), StandardCharsets.UTF_8);
  }

  private void pinged(ByteBuf in, int at, int length) {
    byte[] content = new byte[length];
    in.getBytes(at, content);
    send(Frames.frame(Frames.PONG, content));
  }

  private void goodbye(ByteBuf in, int at, int length) {
    int code = length < 2 ? 1005 : in.getUnsignedShort(at);
    String text = length < 2 ? "" : shown(in, at + 2, length - 2);
    end("closed by the server: " + code + " " + text);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end("the connection ended");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    end(String.valueOf(cause));
  }

  private void end(String why) {
    if (state == State.CLOSED) {
      return;
    }
    boolean wanted = state == State.CLOSING;
    state = State.CLOSED;
    rest.release();
    rest = Unpooled.EMPTY_BUFFER;
    if (channel != null) {
      var unused = channel.close();
      channel = null;
    }
    if (wanted) {
      owner.closed();
    } else {
      owner.broken(why);
    }
  }
}
