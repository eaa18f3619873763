package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.Json;
import io.roomcast.room.Hub.RoomInfo;
import io.roomcast.room.Node;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code GET /v1/rooms}: the rooms that have members on this node, a page at a time. */
record RoomsRoute(Node node, Access access) implements Route.Handler {
  private static final int LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  @Override
  public void handle(Exchange exchange) throws Problem {
    access.identify(exchange.headers());
    Target target = exchange.target();
    String prefix = target.query("prefix");
    String after = target.query("after");
    int limit = limit(target.query("limit"));
    exchange.answerLater(
        () -> {
          List<RoomInfo> rooms = node.rooms(prefix, after, limit + 1);
          return Answer.json(HttpResponseStatus.OK, json(rooms, limit));
        });
  }

  /** How many entries a page may have, as the parameter says. */
  static int limit(String text) throws Problem {
    if (text.isEmpty()) {
      return LIMIT;
    }
    if (text.matches("[0-9]{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw Problem.invalidField("limit must be a number from 1 to " + MAX_LIMIT);
  }

  /** One room more than the limit says that there is a next page. */
  private byte[] json(List<RoomInfo> rooms, int limit) {
    List<RoomInfo> page = rooms.subList(0, Math.min(limit, rooms.size()));
    StringBuilder out = new StringBuilder(64 + 48 * page.size()).append("{\"rooms\":[");
    for (RoomInfo info : page) {
      out.append("{\"room\":");
      Json.quote(info.room(), out);
      out.append(",\"members\":").append(info.members()).append("},");
    }
    if (!page.isEmpty()) {
      out.setLength(out.length() - 1);
    }
    out.append("],\"node\":");
    Json.quote(node.name(), out);
    if (rooms.size() > limit) {
      out.append(",\"next\":");
      Json.quote(page.get(limit - 1).room(), out);
    }
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }
}
