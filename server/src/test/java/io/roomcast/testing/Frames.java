package io.roomcast.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes of WebSocket frames as a client writes them, and as one should not. */
public final class Frames {
  public static final int FIN = 0x80;
  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xA;

  /** The mask of frames whose mask does not matter. */
  private static final int KEY = 0x81c2_1d07;

  private Frames() {}

  /** A whole text message. */
  public static byte[] text(String text) {
    return frame(FIN | TEXT, utf8(text));
  }

  /** A masked frame with the shortest length that fits. */
  public static byte[] frame(int first, byte... payload) {
    return masked(first, KEY, payload);
  }

  /** The same with another mask. */
  public static byte[] masked(int first, int key, byte[] payload) {
    byte[] header = header(first, 0x80, payload.length);
    byte[] body = payload.clone();
    for (int i = 0; i < body.length; i++) {
      body[i] ^= (byte) (key >>> (24 - 8 * (i % 4)));
    }
    return join(header, ByteBuffer.allocate(4).putInt(key).array(), body);
  }

  /** A frame without a mask, which no client may send. */
  public static byte[] unmasked(int first, byte... payload) {
    return join(header(first, 0, payload.length), payload);
  }

  /** A masked header that announces any length, written as 64 bits. */
  public static byte[] announce(int first, long length) {
    return ByteBuffer.allocate(14)
        .put((byte) first)
        .put((byte) (0x80 | 127))
        .putLong(length)
        .putInt(KEY)
        .array();
  }

  /** A close frame; the reason is taken as it is. */
  public static byte[] close(int code, byte... reason) {
    return frame(FIN | CLOSE, join(new byte[] {(byte) (code >> 8), (byte) code}, reason));
  }

  private static byte[] header(int first, int maskBit, int length) {
    if (length < 126) {
      return new byte[] {(byte) first, (byte) (maskBit | length)};
    }
    if (length <= 0xffff) {
      return ByteBuffer.allocate(4)
          .put((byte) first)
          .put((byte) (maskBit | 126))
          .putShort((short) length)
          .array();
    }
    return ByteBuffer.allocate(10)
        .put((byte) first)
        .put((byte) (maskBit | 127))
        .putLong(length)
        .array();
  }

  /** One after another. */
  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
