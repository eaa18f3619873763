package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.Reply;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Broker.PublishOutcome;
import io.roomcast.room.Node;

/** <code>POST /v1/rooms/{room}/messages</code>: sends to a room. */
record PublishRoute(Node node, Access access) implements Route.Handler {

  @Override
  public void handle(Exchange exchange) throws Problem {
    Authenticator.Identity caller = access.identify(exchange.headers());
    String room = exchange.room();
    byte[] json =
        MessageBody.toJson(
            exchange.header(HttpHeaderNames.CONTENT_TYPE),
            exchange.body(),
            node.limits().messageBytes());
    node.publish(
        room,
        json,
        caller.user(),
        "",
        "",
        (outcome, position) -> done(exchange, room, outcome, position));
  }

  /** On any thread, the lane's own with a broker that is done at once. */
  private static void done(
      Exchange exchange, String room, PublishOutcome outcome, Position position) {
    if (exchange.lane().owned()) {
      answer(exchange, room, outcome, position);
    } else {
      exchange.lane().execute(() -> answer(exchange, room, outcome, position));
    }
  }

  private static void answer(
      Exchange exchange, String room, PublishOutcome outcome, Position position) {
    if (outcome == PublishOutcome.SENT) {
      exchange.answer(Answer.json(HttpResponseStatus.OK, Reply.sent("", room, position)));
    } else {
      exchange.fail(Problem.temporary(outcome.error(), outcome.text()));
    }
  }
}
