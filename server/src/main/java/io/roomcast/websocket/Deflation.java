package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import java.util.zip.Deflater;

/**
 * Compresses messages, each for itself (RFC 7692 without context takeover). One for each thread.
 */
final class Deflation {
  /** Shorter messages gain nothing. */
  static final int LEAST_BYTES = 128;

  /** What every compressed message ends with, and leaves out (RFC 7692, 7.2.1). */
  private static final int TAIL_BYTES = 4;

  private static final ThreadLocal<Deflation> THREADS = ThreadLocal.withInitial(Deflation::new);

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private byte[] buffer = new byte[4096];

  private Deflation() {}

  static Deflation ofThisThread() {
    return THREADS.get();
  }

  /**
   * Appends a message as a compressed text frame.
   *
   * @return false when that would not have made it smaller; then nothing was appended
   */
  boolean write(byte[] json, ByteBuf out) {
    if (json.length < LEAST_BYTES) {
      return false;
    }
    if (buffer.length < json.length) {
      buffer = new byte[json.length];
    }
    deflater.reset();
    deflater.setInput(json);
    int made = deflater.deflate(buffer, 0, json.length, Deflater.SYNC_FLUSH);
    // A full buffer may lack the end; and it is not smaller anyway.
    if (made >= json.length) {
      return false;
    }
    int length = made - TAIL_BYTES;
    FrameWriter.header(out, FrameWriter.COMPRESSED | FrameWriter.TEXT, length);
    out.writeBytes(buffer, 0, length);
    return true;
  }
}
