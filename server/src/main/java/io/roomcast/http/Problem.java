package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.room.Denial;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request that is not carried out, and what its client is told: RFC 9457 problem details. The
 * detail is for people, says what was expected, and gives away nothing of the server's inside.
 */
final class Problem extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;
  private final @Nullable ErrorCode code;
  private final transient Answer answer;

  private Problem(HttpResponseStatus status, @Nullable ErrorCode code, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.answer = Answer.of(status, "application/problem+json", json(status, code, detail));
  }

  /** One that the wire's list of errors has a word for. */
  static Problem of(HttpResponseStatus status, ErrorCode code, String detail) {
    return new Problem(status, code, detail);
  }

  /** One of HTTP's own. */
  static Problem of(HttpResponseStatus status, String detail) {
    return new Problem(status, null, detail);
  }

  static Problem malformed(String detail) {
    return of(HttpResponseStatus.BAD_REQUEST, ErrorCode.MALFORMED, detail);
  }

  static Problem invalidField(String detail) {
    return of(HttpResponseStatus.UNPROCESSABLE_ENTITY, ErrorCode.INVALID_FIELD, detail);
  }

  static Problem tooLarge(int limit) {
    return of(
        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
        ErrorCode.TOO_LARGE,
        "a message may have at most " + limit + " bytes");
  }

  /** A fault that is expected to pass; the client is asked to come back in a second. */
  static Problem temporary(ErrorCode code, String detail) {
    return of(HttpResponseStatus.SERVICE_UNAVAILABLE, code, detail)
        .with(HttpHeaderNames.RETRY_AFTER, "1");
  }

  /** A limit stood in the way. */
  static Problem of(Denial denial) {
    if (!denial.code().temporary()) {
      return of(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, denial.code(), denial.text());
    }
    HttpResponseStatus status =
        denial.ofNode()
            ? HttpResponseStatus.SERVICE_UNAVAILABLE
            : HttpResponseStatus.TOO_MANY_REQUESTS;
    return of(status, denial.code(), denial.text())
        .with(HttpHeaderNames.RETRY_AFTER, denial.retryAfter());
  }

  static Problem internal() {
    return of(
        HttpResponseStatus.INTERNAL_SERVER_ERROR,
        ErrorCode.INTERNAL,
        "a fault of the server's own; it has been logged");
  }

  /** What came is not HTTP as it should be. */
  static Problem ofDecoder(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return of(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return of(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the header fields are too large");
    }
    return malformed("this is not a well-formed HTTP/1.1 request");
  }

  Problem with(CharSequence header, CharSequence value) {
    answer.with(header, value);
    return this;
  }

  HttpResponseStatus status() {
    return status;
  }

  /** What its client is told. */
  String detail() {
    return String.valueOf(getMessage());
  }

  /** The wire's error, where it has one. */
  @Nullable ErrorCode code() {
    return code;
  }

  Answer answer() {
    return answer;
  }

  private static byte[] json(HttpResponseStatus status, @Nullable ErrorCode code, String detail) {
    StringBuilder out = new StringBuilder(160).append("{\"type\":\"about:blank\",\"title\":");
    Json.quote(status.reasonPhrase(), out);
    out.append(",\"status\":").append(status.code()).append(",\"detail\":");
    Json.quote(detail, out);
    if (code != null) {
      out.append(",\"code\":").append(code.code());
      out.append(",\"error\":\"").append(code.word()).append('"');
    }
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }
}
