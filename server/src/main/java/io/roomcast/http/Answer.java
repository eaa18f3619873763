package io.roomcast.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** A whole response, but for what belongs to its connection. Immutable once it is handed over. */
final class Answer {
  private static final byte[] NOTHING = {};

  private final HttpResponseStatus status;
  private final byte[] body;
  private final HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();

  private Answer(HttpResponseStatus status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  static Answer of(HttpResponseStatus status, String type, byte[] body) {
    return new Answer(status, body)
        .with(HttpHeaderNames.CONTENT_TYPE, type)
        .with(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .with("x-content-type-options", "nosniff");
  }

  static Answer json(HttpResponseStatus status, byte[] body) {
    return of(status, "application/json", body);
  }

  /** What the client has is still right. */
  static Answer notModified() {
    return new Answer(HttpResponseStatus.NOT_MODIFIED, NOTHING);
  }

  /** Sets a header, in place of an earlier one. */
  Answer with(CharSequence name, CharSequence value) {
    headers.set(name, value);
    return this;
  }

  HttpResponseStatus status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  /** The response, its content length set. */
  FullHttpResponse toResponse() {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.wrappedBuffer(body),
            headers.copy(),
            EmptyHttpHeaders.INSTANCE);
    if (!status.equals(HttpResponseStatus.NOT_MODIFIED)) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    return response;
  }
}
