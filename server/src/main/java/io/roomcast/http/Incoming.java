package io.roomcast.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** A request of which the head is there, and some of the body. */
final class Incoming {
  private final HttpRequest request;
  private final Target target;
  private final int limit;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

  private Incoming(HttpRequest request, Target target, int limit) {
    this.request = request;
    this.target = target;
    this.limit = limit;
  }

  /**
   * Checks a request's head.
   *
   * @param limit bytes that the body may have
   */
  static Incoming begin(HttpRequest request, int limit) throws Problem {
    if (request.protocolVersion().majorVersion() != 1) {
      throw Problem.of(
          HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "expected HTTP/1.1 or HTTP/1.0");
    }
    checkHost(request);
    if (HttpUtil.getContentLength(request, -1L) > limit) {
      throw Problem.tooLarge(limit);
    }
    String expect = request.headers().get(HttpHeaderNames.EXPECT, "");
    if (!expect.isEmpty() && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
      throw Problem.of(HttpResponseStatus.EXPECTATION_FAILED, "expected Expect: 100-continue");
    }
    return new Incoming(request, Target.parse(request.uri()), limit);
  }

  /** One Host, as RFC 9112 asks; which one it is, is for others to judge. */
  private static void checkHost(HttpRequest request) throws Problem {
    HttpHeaders headers = request.headers();
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    boolean needed = request.protocolVersion().compareTo(HttpVersion.HTTP_1_0) > 0;
    if (hosts.size() > 1 || (needed && hosts.isEmpty())) {
      throw Problem.malformed("expected one Host header");
    }
    if (!hosts.isEmpty() && !hosts.get(0).matches("[A-Za-z0-9._~%:\\[\\]-]*")) {
      throw Problem.malformed("expected a host, and a port when it is not 80, in Host");
    }
  }

  /** Whether the client waits to be told that its body is wanted. */
  boolean isContinueExpected() {
    return HttpUtil.is100ContinueExpected(request);
  }

  void append(ByteBuf more) throws Problem {
    int length = more.readableBytes();
    if (length > limit - body.size()) {
      throw Problem.tooLarge(limit);
    }
    try {
      more.readBytes(body, length);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  Exchange complete(HttpConnection connection) {
    return new Exchange(connection, request, target, body.toByteArray());
  }
}
