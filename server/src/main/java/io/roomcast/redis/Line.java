package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.List;

/**
 * A word, and {@code key=value} tokens behind it, each after a space. Values are written as {@code
 * application/x-www-form-urlencoded} has it, so they have neither spaces nor newlines.
 */
record Line(String word, List<String> tokens) {

  /** Takes a line apart. */
  static Line read(String line) {
    List<String> parts = List.of(line.split(" ", -1));
    return new Line(parts.get(0), parts.subList(1, parts.size()));
  }

  boolean is(String expected) {
    return word.equals(expected);
  }

  boolean has(String key) {
    return tokens.stream().anyMatch(token -> token.startsWith(key + "="));
  }

  /**
   * The value of the first token of this key.
   *
   * @throws IllegalArgumentException when there is none, or it cannot be decoded
   */
  String text(String key) {
    return all(key).stream()
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + key));
  }

  /** The values of all tokens of this key. */
  List<String> all(String key) {
    return tokens.stream()
        .filter(token -> token.startsWith(key + "="))
        .map(token -> URLDecoder.decode(token.substring(key.length() + 1), UTF_8))
        .toList();
  }

  /** The value as a number, which is at least -1. */
  long number(String key) {
    long number = Long.parseLong(text(key));
    if (number < -1) {
      throw new IllegalArgumentException("less than -1");
    }
    return number;
  }

  /** The value as a count. */
  int whole(String key) {
    int number = Integer.parseInt(text(key));
    if (number < 0) {
      throw new IllegalArgumentException("negative");
    }
    return number;
  }

  static Writer begin(StringBuilder out, String word) {
    out.append(word);
    return new Writer(out);
  }

  /** Writes the rest of a line. */
  record Writer(StringBuilder out) {
    Writer add(String key, String value) {
      out.append(' ').append(key).append('=').append(URLEncoder.encode(value, UTF_8));
      return this;
    }

    Writer add(String key, long value) {
      out.append(' ').append(key).append('=').append(value);
      return this;
    }

    void end() {
      out.append('\n');
    }
  }
}
