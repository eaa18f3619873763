package io.roomcast.protocol;

/** UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF. */
public final class Utf8 {
  private Utf8() {}

  /** Whether {@code length} bytes from {@code offset} are whole and valid. */
  public static boolean isValid(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = offset;
    while (i < end) {
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
        return false;
      }
      if (end - i < more) {
        return false;
      }
      int first = bytes[i++] & 0xff;
      if (first < low || first > high) {
        return false;
      }
      for (; more > 1; more--) {
        if ((bytes[i++] & 0xc0) != 0x80) {
          return false;
        }
      }
    }
    return true;
  }
}
