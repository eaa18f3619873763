package io.roomcast.http;

import io.roomcast.protocol.Utf8;
import java.nio.charset.StandardCharsets;

/** Percent-encoding as RFC 3986 has it, over UTF-8. */
final class Percent {
  private Percent() {}

  /** Decodes one segment of a path: a plus stands for itself. */
  static String decode(String text) throws Problem {
    return decode(text, false);
  }

  /** Decodes one name or value of a query: a plus stands for a space. */
  static String decodeQuery(String text) throws Problem {
    return decode(text, true);
  }

  private static String decode(String text, boolean plusIsSpace) throws Problem {
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes[length++] = octet(text, i + 1);
        i += 2;
      } else {
        bytes[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    if (!Utf8.isValid(bytes, 0, length)) {
      throw Problem.malformed("percent-encoded bytes must be UTF-8");
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static byte octet(String text, int at) throws Problem {
    int high = at < text.length() ? digit(text.charAt(at)) : -1;
    int low = at + 1 < text.length() ? digit(text.charAt(at + 1)) : -1;
    if (high < 0 || low < 0) {
      throw Problem.malformed("a % must be followed by two hexadecimal digits");
    }
    return (byte) (high << 4 | low);
  }

  /** Not {@link Character#digit}, which knows the digits of all scripts. */
  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    char lower = (char) (c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
