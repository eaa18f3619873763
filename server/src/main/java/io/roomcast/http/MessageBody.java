package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Makes a message, which is one JSON value, out of the body of a request. */
final class MessageBody {
  private MessageBody() {}

  /**
   * Reads a body by its type: JSON as it is, text as a JSON string. A body of no type, or of the
   * type that {@code curl -d} gives it, is JSON when it parses as such and text otherwise, by the
   * rule for {@code redis-cli PUBLISH}.
   *
   * @param contentType the header, or empty
   * @param limit how many bytes the JSON may have
   */
  static byte[] toJson(String contentType, byte[] body, int limit) throws Problem {
    byte[] json =
        switch (mediaType(contentType)) {
          case "application/json" -> json(body);
          case "text/plain" -> text(contentType, body);
          case "", "application/x-www-form-urlencoded" ->
              Json.isPayload(body, 0, body.length) ? strip(body) : text("", body);
          default ->
              throw Problem.of(
                  HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                  "expected application/json, text/plain, or no Content-Type");
        };
    if (json.length > limit) {
      throw Problem.tooLarge(limit);
    }
    return json;
  }

  private static String mediaType(String contentType) {
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return type.trim().toLowerCase(Locale.ROOT);
  }

  private static byte[] json(byte[] body) throws Problem {
    if (!Json.isPayload(body, 0, body.length)) {
      throw Problem.malformed(
          "expected exactly one JSON value in UTF-8, nested at most 64 levels deep;"
              + " for text that is not JSON use Content-Type: text/plain");
    }
    return strip(body);
  }

  private static byte[] text(String contentType, byte[] body) throws Problem {
    String parameters = contentType.toLowerCase(Locale.ROOT).replaceAll("[\\s\"]", "");
    if (parameters.contains(";charset=")
        && !parameters.matches(".*;charset=(utf-8|us-ascii)\\b.*")) {
      throw Problem.of(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "expected text in UTF-8");
    }
    if (!Utf8.isValid(body, 0, body.length)) {
      throw Problem.malformed("expected text in UTF-8");
    }
    return Json.quote(new String(body, StandardCharsets.UTF_8));
  }

  /** The value without the whitespace around it, such as the newline at a file's end. */
  private static byte[] strip(byte[] json) {
    int from = 0;
    int to = json.length;
    while (from < to && isSpace(json[from])) {
      from++;
    }
    while (to > from && isSpace(json[to - 1])) {
      to--;
    }
    return to - from == json.length ? json : Arrays.copyOfRange(json, from, to);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
