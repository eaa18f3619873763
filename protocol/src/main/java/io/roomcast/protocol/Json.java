package io.roomcast.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The little JSON that both directions share: a bounded parser, and strings with their quotes. */
public final class Json {
  private static final JsonFactory JSON = new StrictJson(WireLimits.NESTING);
  private static final JsonFactory PAYLOAD = new StrictJson(WireLimits.NESTING - 1);
  private static final JsonFactory INFO = new StrictJson(WireLimits.NESTING - 2);

  private Json() {}

  /**
   * A parser for UTF-8 that refuses more than {@link WireLimits#NESTING} levels. Its byte offsets
   * count from {@code offset}.
   */
  public static JsonParser parser(byte[] bytes, int offset, int length) throws IOException {
    return JSON.createParser(bytes, offset, length);
  }

  /** Whether the bytes are exactly one well-formed JSON value in valid UTF-8. */
  public static boolean isValue(byte[] bytes, int offset, int length) {
    return isValue(JSON, bytes, offset, length);
  }

  /**
   * Whether the bytes are a value that can be a message's payload: a message is one level around
   * it.
   */
  public static boolean isPayload(byte[] bytes, int offset, int length) {
    return isValue(PAYLOAD, bytes, offset, length);
  }

  /**
   * Whether the bytes are a value that others may know of a user: at most {@link
   * WireLimits#INFO_BYTES}, and a list of users is two levels around it.
   */
  public static boolean isInfo(byte[] bytes, int offset, int length) {
    return length <= WireLimits.INFO_BYTES && isValue(INFO, bytes, offset, length);
  }

  private static boolean isValue(JsonFactory json, byte[] bytes, int offset, int length) {
    if (!Utf8.isValid(bytes, offset, length)) {
      return false;
    }
    try (JsonParser parser = json.createParser(bytes, offset, length)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The text as a JSON string with its quotes, in UTF-8. A lone surrogate becomes a question mark.
   */
  public static byte[] quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    quote(text, out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Appends the text as a JSON string with its quotes. */
  public static void quote(String text, StringBuilder out) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }
}
