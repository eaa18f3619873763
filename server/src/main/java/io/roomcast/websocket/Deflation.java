package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Compresses messages, each for itself (RFC 7692 without context takeover). One for each thread.
 */
final class Deflation {
  /** Shorter messages gain nothing. */
  static final int LEAST_BYTES = 128;

  /** What every compressed message ends with, and leaves out (RFC 7692, 7.2.1). */
  private static final int TAIL_BYTES = 4;

  private static final int NO_GAIN = -1;

  private static final ThreadLocal<Deflation> THREADS = ThreadLocal.withInitial(Deflation::new);

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private byte[] buffer = new byte[4096];

  private Deflation() {}

  /**
   * A message as it stands in a compressed frame, without the header; or itself, when that would
   * not be smaller.
   */
  static byte[] pack(byte[] json) {
    Deflation mine = THREADS.get();
    int length = mine.deflate(json);
    return length == NO_GAIN ? json : Arrays.copyOf(mine.buffer, length);
  }

  /** Appends a message as a frame of its own, compressed when that makes it smaller. */
  static void write(byte[] json, ByteBuf out) {
    Deflation mine = THREADS.get();
    int length = mine.deflate(json);
    if (length == NO_GAIN) {
      FrameWriter.text(out, json);
    } else {
      FrameWriter.header(out, FrameWriter.COMPRESSED | FrameWriter.TEXT, length);
      out.writeBytes(mine.buffer, 0, length);
    }
  }

  /** Fills the buffer, and says how far; or {@link #NO_GAIN}. */
  private int deflate(byte[] json) {
    if (json.length < LEAST_BYTES) {
      return NO_GAIN;
    }
    if (buffer.length < json.length) {
      buffer = new byte[json.length];
    }
    deflater.reset();
    deflater.setInput(json);
    int made = deflater.deflate(buffer, 0, json.length, Deflater.SYNC_FLUSH);
    // A full buffer may lack the end; and it is not smaller anyway.
    return made >= json.length ? NO_GAIN : made - TAIL_BYTES;
  }
}
