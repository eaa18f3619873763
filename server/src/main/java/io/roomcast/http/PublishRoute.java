package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.Reply;
import io.roomcast.protocol.Utf8;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Action;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Broker.PublishOutcome;
import io.roomcast.room.Denial;
import io.roomcast.room.Node;
import io.roomcast.room.Quotas;
import io.roomcast.room.Scope;
import java.nio.charset.StandardCharsets;

/** <code>POST /v1/rooms/{room}/messages</code>: sends to a room. */
record PublishRoute(Node node, Access access) implements Route.Handler {

  @Override
  public void handle(Exchange exchange) throws Problem {
    String room = exchange.room();
    access.admit(
        exchange,
        Scope.PUBLISH,
        Action.SEND,
        room,
        () -> message(exchange),
        caller -> publish(exchange, room, caller));
  }

  private void publish(Exchange exchange, String room, Authenticator.Identity caller)
      throws Problem {
    byte[] message = message(exchange);
    Quotas quotas = node.quotas();
    Denial denial =
        quotas.post(node.rules(room), room, message.length, caller, exchange.address(quotas));
    if (denial != null) {
      throw Problem.of(denial);
    }
    node.publish(
        room,
        message,
        caller.user(),
        "",
        key(exchange),
        exchange.trace(),
        (outcome, position) -> exchange.onLane(() -> answer(exchange, room, outcome, position)));
  }

  private byte[] message(Exchange exchange) throws Problem {
    return MessageBody.toJson(
        exchange.header(HttpHeaderNames.CONTENT_TYPE),
        exchange.body(),
        node.limits().messageBytes());
  }

  /** A repeat with the same key is the same message. */
  private static String key(Exchange exchange) throws Problem {
    // Netty makes a char of each byte.
    byte[] bytes = exchange.header("idempotency-key").getBytes(StandardCharsets.ISO_8859_1);
    String flaw = "";
    if (bytes.length > WireLimits.NAME_BYTES) {
      flaw = "must be at most " + WireLimits.NAME_BYTES + " bytes of UTF-8";
    } else if (!Utf8.isValid(bytes, 0, bytes.length)) {
      flaw = "is not valid UTF-8";
    }
    if (!flaw.isEmpty()) {
      throw Problem.of(
          HttpResponseStatus.UNPROCESSABLE_ENTITY,
          ErrorCode.INVALID_FIELD,
          "Idempotency-Key " + flaw);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void answer(
      Exchange exchange, String room, PublishOutcome outcome, Position position) {
    if (outcome.delivered()) {
      byte[] json = Reply.sent("", room, position, outcome.local());
      exchange.answer(Answer.json(HttpResponseStatus.OK, json));
    } else {
      exchange.fail(Problem.temporary(outcome.error(), outcome.text()));
    }
  }
}
