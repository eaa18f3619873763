package io.roomcast.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The little JSON that both directions share: a bounded parser, and strings with their quotes. */
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(WireLimits.NESTING).build())
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          // Field names come from strangers: the JVM's table of strings must not keep them. (The
          // parsers' own table is bounded, and without it bytes would be read as characters.)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private Json() {}

  /** A parser that refuses more than {@link WireLimits#NESTING} levels. */
  public static JsonParser parser(byte[] bytes, int offset, int length) throws IOException {
    return FACTORY.createParser(bytes, offset, length);
  }

  /** Whether the bytes are exactly one well-formed JSON value in valid UTF-8. */
  public static boolean isValue(byte[] bytes, int offset, int length) {
    if (!Utf8.isValid(bytes, offset, length)) {
      return false;
    }
    try (JsonParser parser = parser(bytes, offset, length)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** The text as a JSON string with its quotes, in UTF-8. A lone surrogate becomes U+FFFD. */
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
