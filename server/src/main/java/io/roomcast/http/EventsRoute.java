package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.Reply;
import io.roomcast.room.Action;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Bill;
import io.roomcast.room.Cost;
import io.roomcast.room.Denial;
import io.roomcast.room.JoinFrom;
import io.roomcast.room.JoinOutcome;
import io.roomcast.room.JoinStart;
import io.roomcast.room.Node;
import io.roomcast.room.Permission;
import io.roomcast.room.Quotas;
import io.roomcast.room.Scope;

/**
 * <code>GET /v1/rooms/{room}/events</code>: a room as Server-Sent Events. The answer begins when
 * the broker has confirmed the join, so that a client that sees it misses nothing from then on.
 */
record EventsRoute(Node node, Access access) implements Route.Handler {
  private static final byte[] NONE = {};

  @Override
  public void handle(Exchange exchange) throws Problem {
    String room = exchange.room();
    access.admit(exchange, Scope.READ, Action.JOIN, room, reader -> stream(exchange, room, reader));
  }

  private void stream(Exchange exchange, String room, Authenticator.Identity reader)
      throws Problem {
    if (node.draining()) {
      throw Problem.temporary(ErrorCode.UNAVAILABLE, "the server is shutting down");
    }
    if (exchange.isHead()) {
      exchange.answer(head());
      return;
    }
    EventStream stream = new EventStream(node, exchange.lane(), reader, enter(exchange, reader));
    exchange.attach(stream);
    String last = exchange.header("last-event-id");
    boolean past = node.permission(reader, Action.HISTORY, room) == Permission.GRANTED;
    stream.join(
        room,
        past ? new JoinFrom(Position.parse(last), 0) : JoinFrom.NOW,
        (outcome, start) ->
            joined(exchange, stream, outcome, start, last.isEmpty() ? NONE : answer(room, start)));
  }

  /** Takes a place for the stream. The operator's own programs need one on the node alone. */
  private Bill enter(Exchange exchange, Authenticator.Identity reader) throws Problem {
    Quotas quotas = node.quotas();
    Bill bill = quotas.bill(reader.server() ? "" : exchange.address(quotas));
    Denial denial = bill.enter();
    if (denial == null && !reader.server()) {
      denial = bill.become(reader.user());
    }
    if (denial == null && !reader.server()) {
      denial = bill.pay(Cost.JOINS, 1);
    }
    if (denial != null) {
      bill.end();
      throw Problem.of(denial);
    }
    return bill;
  }

  /** What a client that comes back is told first. */
  private static byte[] answer(String room, JoinStart start) {
    return Reply.subscribed("", room, start.position(), start.recovered());
  }

  private void joined(
      Exchange exchange, EventStream stream, JoinOutcome outcome, JoinStart start, byte[] first) {
    switch (outcome) {
      case JOINED -> {
        if (first.length > 0) {
          node.hub().asked(start.recovered());
        }
        exchange.handOver(head());
        stream.begin(start, first);
      }
      case TOO_MANY_ROOMS ->
          refuse(
              exchange,
              stream,
              Problem.of(
                  HttpResponseStatus.UNPROCESSABLE_ENTITY,
                  ErrorCode.TOO_MANY_ROOMS,
                  "its user, its address or the server is in as many rooms as may be"));
      case CANCELLED, UNAVAILABLE ->
          refuse(
              exchange,
              stream,
              Problem.temporary(
                  ErrorCode.UNAVAILABLE, "the join was not confirmed in time; try again"));
    }
  }

  private static void refuse(Exchange exchange, EventStream stream, Problem problem) {
    stream.giveUp();
    exchange.fail(problem);
  }

  /** X-Accel-Buffering asks nginx, and what behaves like it, to pass events on at once. */
  private static Answer head() {
    return Answer.of(HttpResponseStatus.OK, "text/event-stream; charset=utf-8", new byte[0])
        .with("x-accel-buffering", "no");
  }
}
