package io.roomcast.protocol;

/** UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF. */
public final class Utf8 {
  /** What {@link #whole} says of bytes that no others can make valid. */
  public static final int BROKEN = -1;

  private Utf8() {}

  /** Whether {@code length} bytes from {@code offset} are whole and valid. */
  public static boolean isValid(byte[] bytes, int offset, int length) {
    return whole(bytes, offset, length) == length;
  }

  /**
   * How many of {@code length} bytes from {@code offset} are whole characters, when the rest may
   * still become one; at most 3 are left over.
   *
   * @return that, or {@link #BROKEN}
   */
  public static int whole(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = offset;
    while (i < end) {
      int start = i;
      int b = bytes[i++];
      if (b >= 0) {
        continue;
      }
      int more;
      int low = 0x80;
      int high = 0xbf;
      b &= 0xff;
      if (b >= 0xc2 && b <= 0xdf) {
        more = 1;
      } else if (b >= 0xe0 && b <= 0xef) {
        more = 2;
        low = b == 0xe0 ? 0xa0 : 0x80;
        high = b == 0xed ? 0x9f : 0xbf;
      } else if (b >= 0xf0 && b <= 0xf4) {
        more = 3;
        low = b == 0xf0 ? 0x90 : 0x80;
        high = b == 0xf4 ? 0x8f : 0xbf;
      } else {
        return BROKEN;
      }
      for (; more > 0 && i < end; more--) {
        int next = bytes[i++] & 0xff;
        if (next < low || next > high) {
          return BROKEN;
        }
        low = 0x80;
        high = 0xbf;
      }
      if (more > 0) {
        return start - offset;
      }
    }
    return length;
  }
}
