package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.Json;
import io.roomcast.room.Broker;
import io.roomcast.room.Node;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * How the server is doing, for those who watch it: {@code /live}, {@code /ready}, {@code /metrics}.
 *
 * @param details whether why it is ready or not is told, which names the broker's address
 */
record State(Node node, MetricsSource source, boolean details) {
  private static final byte[] LIVE = "{\"status\":\"live\"}".getBytes(StandardCharsets.US_ASCII);

  void live(Exchange exchange) {
    exchange.answer(Answer.json(HttpResponseStatus.OK, LIVE));
  }

  void ready(Exchange exchange) {
    Broker.Health health = node.health();
    boolean draining = node.draining();
    boolean ready = health.ready() && !draining;
    StringBuilder out = new StringBuilder(128).append("{\"status\":\"");
    out.append(ready ? "ready" : "not ready").append('"');
    if (details) {
      out.append(",\"broker\":");
      Json.quote(health.name(), out);
      out.append(",\"detail\":");
      Json.quote(health.detail(), out);
      out.append(",\"draining\":").append(draining);
    }
    out.append('}');
    exchange.answer(
        Answer.json(
            ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
            out.toString().getBytes(StandardCharsets.UTF_8)));
  }

  void metrics(Exchange exchange) {
    exchange.answerLater(
        () -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
          source.writeTo(out);
          return Answer.of(
              HttpResponseStatus.OK, "text/plain; version=0.0.4; charset=utf-8", out.toByteArray());
        });
  }
}
