package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Writes the frames of a server: final and unmasked. */
final class FrameWriter {
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  /** The bit that says that a message is compressed (RFC 7692). */
  static final int COMPRESSED = 0x40;

  private static final int FIN = 0x80;

  private FrameWriter() {}

  /** Bytes of the header before a payload of this length. */
  static int headerSize(int length) {
    return length < 126 ? 2 : length <= 0xffff ? 4 : 10;
  }

  /** Appends a text frame. */
  static void text(ByteBuf out, byte[] payload) {
    header(out, TEXT, payload.length);
    out.writeBytes(payload);
  }

  /** A frame with a message, in a buffer of its own. */
  static ByteBuf message(ByteBufAllocator allocator, int opcode, byte[] payload, int length) {
    int size = headerSize(length) + length;
    ByteBuf out = allocator.directBuffer(size, size);
    header(out, opcode, length);
    return out.writeBytes(payload, 0, length);
  }

  /** A text frame in a buffer of its own. */
  static ByteBuf text(ByteBufAllocator allocator, byte[] payload) {
    int size = headerSize(payload.length) + payload.length;
    ByteBuf out = allocator.directBuffer(size, size);
    text(out, payload);
    return out;
  }

  /** A control frame; the payload is at most 125 bytes. */
  static ByteBuf control(ByteBufAllocator allocator, int opcode, byte[] payload, int length) {
    ByteBuf out = allocator.directBuffer(2 + length, 2 + length);
    header(out, opcode, length);
    out.writeBytes(payload, 0, length);
    return out;
  }

  /** A close frame. The reason is ASCII of at most 123 bytes. */
  static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
    int length = 2 + Math.min(text.length, 123);
    ByteBuf out = allocator.directBuffer(2 + length, 2 + length);
    header(out, CLOSE, length);
    out.writeShort(code);
    out.writeBytes(text, 0, length - 2);
    return out;
  }

  static void header(ByteBuf out, int opcode, int length) {
    out.writeByte(FIN | opcode);
    if (length < 126) {
      out.writeByte(length);
    } else if (length <= 0xffff) {
      out.writeByte(126);
      out.writeShort(length);
    } else {
      out.writeByte(127);
      out.writeLong(length);
    }
  }
}
