package io.roomcast.webhook;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.roomcast.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What the program said.
 *
 * @param cacheSeconds how long the same question need not be asked again; 0 for not at all
 * @param user for a token: whom it speaks for, or empty
 * @param expires for a token: when that ends, seconds since the epoch; 0 when it did not say
 * @param info for a token: what others may know of the user, one JSON value; or empty
 */
record Answers(boolean allow, int cacheSeconds, String user, long expires, String info) {
  /** The longest that is kept. */
  static final int MOST_CACHE_SECONDS = 300;

  private static final long LATEST = 100_000_000_000L;

  /**
   * Reads {@code {"allow":true,…}}.
   *
   * @throws IOException when it is not that
   */
  static Answers read(byte[] json) throws IOException {
    if (!Json.isValue(json, 0, json.length)) {
      throw new IOException("the answer is not JSON");
    }
    Boolean allow = null;
    int cache = 0;
    String user = "";
    long expires = 0;
    String info = "";
    try (JsonParser parser = Json.parser(json, 0, json.length)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "the answer is no JSON object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
          case "allow" -> {
            require(token.isBoolean() && allow == null, "allow must be true or false, once");
            allow = token == JsonToken.VALUE_TRUE;
          }
          case "cache" -> cache = (int) whole(parser, "cache", MOST_CACHE_SECONDS);
          case "expires" -> expires = whole(parser, "expires", LATEST);
          case "user" -> user = text(parser);
          case "info" -> info = raw(parser, json);
          default -> parser.skipChildren();
        }
      }
    }
    require(allow != null, "the answer has no allow");
    return new Answers(Boolean.TRUE.equals(allow), cache, user, expires, info);
  }

  private static long whole(JsonParser parser, String name, long most) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, name + " must be a whole number");
    long value = parser.getBigIntegerValue().bitLength() > 62 ? -1 : parser.getLongValue();
    require(value >= 0, name + " must be 0 or more");
    return Math.min(value, most);
  }

  private static String text(JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_STRING, "user must be a string");
    String value = parser.getText();
    require(
        value.getBytes(StandardCharsets.UTF_8).length <= io.roomcast.protocol.WireLimits.NAME_BYTES,
        "user must be at most 128 bytes");
    return value;
  }

  private static String raw(JsonParser parser, byte[] json) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    require(
        Json.isInfo(json, start, end - start),
        "info must be at most 1,024 bytes, and 62 levels of arrays and objects");
    return new String(json, start, end - start, StandardCharsets.UTF_8);
  }

  private static void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(otherwise);
    }
  }
}
