package io.roomcast.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Removes a client's mask, eight bytes at a time. */
final class Mask {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Mask() {}

  /**
   * Removes the mask, whose first byte is the key's highest, from {@code length} bytes in place.
   */
  static void remove(byte[] bytes, int offset, int length, int key) {
    long wide = (key & 0xffffffffL) << 32 | (key & 0xffffffffL);
    int i = offset;
    int end = offset + length;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      LONG.set(bytes, i, (long) LONG.get(bytes, i) ^ wide);
    }
    for (int n = 0; i < end; i++, n++) {
      bytes[i] ^= (byte) (key >>> (24 - 8 * (n & 3)));
    }
  }
}
