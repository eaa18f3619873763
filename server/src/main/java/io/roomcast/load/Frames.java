package io.roomcast.load;

import java.nio.charset.StandardCharsets;

/**
 * A client's WebSocket frames as whole byte arrays. The mask is all zeros: the server has the same
 * work, the tool has none.
 */
final class Frames {
  static final byte[] NONE = {};
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int MASKED = 0x80;
  private static final int FINAL = 0x80;

  private Frames() {}

  /** A text frame. */
  static byte[] text(String text) {
    return frame(TEXT, text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * A frame of up to 64 KiB.
   *
   * @param opcode as RFC 6455 has it
   */
  static byte[] frame(int opcode, byte[] content) {
    boolean small = content.length < 126;
    int header = small ? 6 : 8;
    byte[] out = new byte[header + content.length];
    out[0] = (byte) (FINAL | opcode);
    out[1] = (byte) (MASKED | (small ? content.length : 126));
    if (!small) {
      out[2] = (byte) (content.length >>> 8);
      out[3] = (byte) content.length;
    }
    System.arraycopy(content, 0, out, header, content.length);
    return out;
  }

  /** Eight ASCII characters as one big-endian number, to compare at one go. */
  static long eight(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    long out = 0;
    for (int i = 0; i < 8; i++) {
      out = out << 8 | bytes[i];
    }
    return out;
  }

  static String string(byte[] ascii) {
    return new String(ascii, StandardCharsets.US_ASCII);
  }
}
