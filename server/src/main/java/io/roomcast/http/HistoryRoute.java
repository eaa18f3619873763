package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.Command;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Action;
import io.roomcast.room.Node;
import io.roomcast.room.Scope;
import org.jspecify.annotations.Nullable;

/** <code>GET /v1/rooms/{room}/history</code>: a page of a room's log. */
record HistoryRoute(Node node, Access access) implements Route.Handler {

  @Override
  public void handle(Exchange exchange) throws Problem {
    String room = exchange.room();
    access.admit(exchange, Scope.READ, Action.HISTORY, room, caller -> read(exchange));
  }

  private void read(Exchange exchange) throws Problem {
    Command.History history = history(exchange);
    if (!node.logs().kept(history.room())) {
      throw Problem.of(
          HttpResponseStatus.NOT_FOUND, ErrorCode.NOT_SUPPORTED, "this room keeps no log");
    }
    node.logs().history(history, json -> exchange.onLane(() -> answer(exchange, json)));
  }

  private static Command.History history(Exchange exchange) throws Problem {
    Target target = exchange.target();
    String since = target.query("since");
    Position position = Position.parse(since);
    if (!since.isEmpty() && !position.known()) {
      throw Problem.invalidField("since must be EPOCH:OFFSET");
    }
    if (!since.isEmpty() && !target.query("before").isEmpty()) {
      throw Problem.invalidField("either since or before, not both");
    }
    long before = Query.whole(target, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    long limit = Query.whole(target, "limit", WireLimits.SHORT_PAGE, WireLimits.PAGE);
    return new Command.History("", exchange.room(), position, before, (int) limit);
  }

  private static void answer(Exchange exchange, byte @Nullable [] json) {
    if (json == null) {
      exchange.fail(
          Problem.temporary(
              ErrorCode.UNAVAILABLE,
              "the log was not read: the broker cannot be reached; try again"));
    } else {
      exchange.answer(Answer.json(HttpResponseStatus.OK, json));
    }
  }
}
