package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Takes a client's frames apart and puts messages together. Holds no bytes while nothing is half
 * read. Belongs to its connection's thread.
 *
 * <p>Bounds: a message of at most {@code limit} bytes over all its fragments, and at most {@value
 * #EMPTY_FRAGMENTS} fragments without content in it. What is longer is refused at its header,
 * before any of it is kept.
 */
final class FrameReader {
  /** Fragments without content that a message may have: they cost work and lead nowhere. */
  static final int EMPTY_FRAGMENTS = 64;

  private static final int CONTINUATION = 0x0;
  private static final int TEXT = FrameWriter.TEXT;
  private static final int BINARY = 0x2;
  private static final int COMPRESSED = FrameWriter.COMPRESSED;
  private static final int MAX_HEADER = 14;
  private static final int MAX_CONTROL = 125;
  private static final long NO_LENGTH = -1;

  /** The beginning of a frame whose rest has not come. */
  private @Nullable ByteBuf partial;

  /** The fragments so far of a message whose rest has not come. */
  private @Nullable ByteBuf fragments;

  private int emptyFragments;

  /** Bytes of the fragments that are whole characters; text only. */
  private int characters;

  /** Whether the message that is being read is a text message, and whether it is compressed. */
  private boolean textual;

  private boolean compressed;

  private final boolean binary;
  private final @Nullable Inflation inflation;

  /** Reads text that is not compressed. */
  FrameReader() {
    this(false, null);
  }

  /**
   * Makes one.
   *
   * @param binary whether binary messages are taken
   * @param inflation for compressed messages, when the client may send such
   */
  FrameReader(boolean binary, @Nullable Inflation inflation) {
    this.binary = binary;
    this.inflation = inflation;
  }

  /** What comes out. Each call may end the connection, after which {@link #open} is false. */
  interface Sink {
    /** Whether anything more is wanted. */
    boolean open();

    /** A whole message, unmasked; text is valid UTF-8. In a buffer that is reused. */
    void onMessage(boolean text, byte[] bytes, int length);

    void onPing(byte[] bytes, int length);

    void onPong();

    /** The client's close frame, already checked; the code is 1005 when it gave none. */
    void onClose(int code);

    /** The client broke the protocol or a limit. Nothing after it can be read. */
    void onViolation(CloseCode code, String text);
  }

  /**
   * Reads what has come. Does not release it.
   *
   * @param scratch at least {@code limit} and 125 bytes, overwritten
   * @param limit bytes of a message
   */
  void read(ByteBuf in, byte[] scratch, int limit, ByteBufAllocator allocator, Sink sink) {
    ByteBuf held = partial;
    if (held == null) {
      parse(in, scratch, limit, allocator, sink);
      if (in.isReadable() && sink.open()) {
        partial = allocator.buffer(in.readableBytes(), Math.max(limit, MAX_CONTROL) + MAX_HEADER);
        partial.writeBytes(in);
      }
      return;
    }
    while (in.isReadable() && sink.open()) {
      held.discardReadBytes();
      held.writeBytes(in, Math.min(in.readableBytes(), held.maxWritableBytes()));
      parse(held, scratch, limit, allocator, sink);
      if (partial == null) {
        // Let go from within.
        return;
      }
      if (!held.isReadable()) {
        held.release();
        partial = null;
        read(in, scratch, limit, allocator, sink);
        return;
      }
    }
  }

  private void parse(ByteBuf in, byte[] scratch, int limit, ByteBufAllocator allocator, Sink sink) {
    while (sink.open() && in.readableBytes() >= 2) {
      int start = in.readerIndex();
      int first = in.getUnsignedByte(start);
      int second = in.getUnsignedByte(start + 1);
      String flaw = headerFlaw(first, second);
      if (!flaw.isEmpty()) {
        sink.onViolation(CloseCode.PROTOCOL_ERROR, flaw);
        return;
      }
      int opcode = first & 0x0f;
      if (opcode == BINARY && !binary) {
        sink.onViolation(CloseCode.UNSUPPORTED_DATA, CloseCode.UNSUPPORTED_DATA.text());
        return;
      }
      int shortLength = second & 0x7f;
      int header = shortLength < 126 ? 6 : shortLength == 126 ? 8 : MAX_HEADER;
      if (in.readableBytes() < header) {
        return;
      }
      long length = length(in, start + 2, shortLength);
      if (length == NO_LENGTH) {
        sink.onViolation(CloseCode.PROTOCOL_ERROR, "frame length not in its shortest form");
        return;
      }
      if (opcode <= BINARY && length > limit - collected()) {
        sink.onViolation(CloseCode.TOO_BIG, "message is larger than " + limit + " bytes");
        return;
      }
      if (in.readableBytes() < header + length) {
        return;
      }
      int mask = in.getInt(start + header - 4);
      int size = (int) length;
      in.getBytes(start + header, scratch, 0, size);
      in.skipBytes(header + size);
      Mask.remove(scratch, 0, size, mask);
      if (opcode == TEXT || opcode == BINARY) {
        textual = opcode == TEXT;
        compressed = (first & COMPRESSED) != 0;
      }
      frame(opcode, (first & 0x80) != 0, scratch, size, allocator, sink);
    }
  }

  /** What the header says, or {@link #NO_LENGTH} where the RFC does not let it say so. */
  private static long length(ByteBuf in, int at, int shortLength) {
    if (shortLength < 126) {
      return shortLength;
    }
    if (shortLength == 126) {
      int length = in.getUnsignedShort(at);
      return length < 126 ? NO_LENGTH : length;
    }
    // Also refuses what has the highest bit set.
    long length = in.getLong(at);
    return length <= 0xffff ? NO_LENGTH : length;
  }

  private int collected() {
    return fragments == null ? 0 : fragments.readableBytes();
  }

  private String headerFlaw(int first, int second) {
    int opcode = first & 0x0f;
    boolean last = (first & 0x80) != 0;
    int reserved = first & 0x70;
    boolean mayBeCompressed = inflation != null && (opcode == TEXT || opcode == BINARY);
    if (reserved != 0 && !(mayBeCompressed && reserved == COMPRESSED)) {
      return "reserved bits set without an extension";
    }
    if ((second & 0x80) == 0) {
      return "frame of a client without a mask";
    }
    if (opcode >= 0x8) {
      if (opcode > FrameWriter.PONG) {
        return "unknown opcode";
      }
      return !last
          ? "fragmented control frame"
          : (second & 0x7f) > MAX_CONTROL ? "control frame of more than 125 bytes" : "";
    }
    if (opcode > BINARY) {
      return "unknown opcode";
    }
    if (opcode == CONTINUATION) {
      return fragments == null ? "continuation of nothing" : "";
    }
    return fragments != null ? "new message before the last one was complete" : "";
  }

  private void frame(
      int opcode, boolean last, byte[] bytes, int size, ByteBufAllocator allocator, Sink sink) {
    switch (opcode) {
      case TEXT, BINARY -> {
        if (last) {
          message(bytes, size, sink);
        } else {
          fragments = allocator.buffer(size);
          emptyFragments = 0;
          characters = 0;
          collect(bytes, size, sink);
        }
      }
      case CONTINUATION -> {
        collect(bytes, size, sink);
        if (last && sink.open()) {
          complete(bytes, sink);
        }
      }
      case FrameWriter.PING -> sink.onPing(bytes, size);
      case FrameWriter.PONG -> sink.onPong();
      default -> close(bytes, size, sink);
    }
  }

  private void collect(byte[] bytes, int size, Sink sink) {
    ByteBuf to = fragments;
    if (to == null) {
      return;
    }
    if (size == 0 && ++emptyFragments > EMPTY_FRAGMENTS) {
      sink.onViolation(CloseCode.TOO_BIG, "too many fragments without content");
      return;
    }
    to.writeBytes(bytes, 0, size);
    if (textual && !compressed && !mayBecomeText(to, bytes)) {
      sink.onViolation(CloseCode.INVALID_UTF8, CloseCode.INVALID_UTF8.text());
    }
  }

  /**
   * Looks at what has come since the last whole character: what is broken need not be collected.
   */
  private boolean mayBecomeText(ByteBuf collected, byte[] scratch) {
    int length = collected.readableBytes() - characters;
    collected.getBytes(collected.readerIndex() + characters, scratch, 0, length);
    int whole = Utf8.whole(scratch, 0, length);
    characters += whole;
    return whole != Utf8.BROKEN;
  }

  private void complete(byte[] scratch, Sink sink) {
    ByteBuf whole = fragments;
    if (whole == null) {
      return;
    }
    int size = whole.readableBytes();
    whole.readBytes(scratch, 0, size);
    whole.release();
    fragments = null;
    message(scratch, size, sink);
  }

  private void message(byte[] bytes, int size, Sink sink) {
    Inflation inflating = inflation;
    if (!compressed || inflating == null) {
      pass(bytes, size, sink);
      return;
    }
    int inflated = inflating.inflate(bytes, size);
    if (inflated >= 0) {
      pass(inflating.bytes(), inflated, sink);
    } else if (inflated == Inflation.TOO_BIG) {
      sink.onViolation(CloseCode.TOO_BIG, "message is larger than the limit when inflated");
    } else {
      sink.onViolation(CloseCode.INVALID_UTF8, "message is not compressed as it says");
    }
  }

  private void pass(byte[] bytes, int size, Sink sink) {
    if (!textual || Utf8.isValid(bytes, 0, size)) {
      sink.onMessage(textual, bytes, size);
    } else {
      sink.onViolation(CloseCode.INVALID_UTF8, CloseCode.INVALID_UTF8.text());
    }
  }

  private static void close(byte[] bytes, int size, Sink sink) {
    if (size == 0) {
      sink.onClose(1005);
      return;
    }
    int code = size == 1 ? 0 : (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    if (!mayCloseWith(code)) {
      sink.onViolation(CloseCode.PROTOCOL_ERROR, "close code that may not be sent");
    } else if (!Utf8.isValid(bytes, 2, size - 2)) {
      sink.onViolation(CloseCode.INVALID_UTF8, "close reason is not valid UTF-8");
    } else {
      sink.onClose(code);
    }
  }

  /** Whether the RFC and its registry let a client send this code. */
  private static boolean mayCloseWith(int code) {
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006)
        || (code >= 3000 && code <= 4999);
  }

  /** Gives back what is held. */
  void release() {
    if (partial != null) {
      partial.release();
      partial = null;
    }
    if (fragments != null) {
      fragments.release();
      fragments = null;
    }
  }
}
