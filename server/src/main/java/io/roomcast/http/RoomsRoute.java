package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Cluster;
import io.roomcast.room.ClusterAnswer;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.Hub.RoomInfo;
import io.roomcast.room.Node;
import io.roomcast.room.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code GET /v1/rooms}: the rooms that have members on any node, a page at a time. */
record RoomsRoute(Node node, ServerApi api) implements Route.Handler {

  @Override
  public void handle(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.READ);
    Target target = exchange.target();
    int limit = (int) Query.whole(target, "limit", WireLimits.SHORT_PAGE, WireLimits.PAGE);
    // One room more than the page has says that there is a next one.
    ClusterCommand rooms =
        new ClusterCommand.Rooms(target.query("prefix"), target.query("after"), limit + 1);
    api.cluster()
        .ask(
            rooms,
            answers ->
                exchange.onLane(
                    () ->
                        exchange.answer(Answer.json(HttpResponseStatus.OK, json(answers, limit)))));
  }

  /** Members add up; each node has seen the same messages, the one longest that has seen most. */
  private static RoomInfo together(RoomInfo one, RoomInfo other) {
    return new RoomInfo(
        one.room(), one.members() + other.members(), Math.max(one.messages(), other.messages()));
  }

  /**
   * The first rooms of all: each node gave its first ones, so whatever is among the first of all is
   * there from every node that has it.
   */
  private byte[] json(Cluster.Answers answers, int limit) {
    Map<String, RoomInfo> all = new TreeMap<>();
    for (ClusterAnswer.Rooms rooms : answers.of(ClusterAnswer.Rooms.class)) {
      rooms.rooms().forEach(room -> all.merge(room.room(), room, RoomsRoute::together));
    }
    List<RoomInfo> page = all.values().stream().limit(limit).toList();
    StringBuilder out = new StringBuilder(64 + 64 * page.size()).append("{\"rooms\":[");
    for (RoomInfo room : page) {
      out.append("{\"room\":");
      Json.quote(room.room(), out);
      out.append(",\"members\":").append(room.members());
      out.append(",\"messages\":").append(room.messages()).append("},");
    }
    if (!page.isEmpty()) {
      out.setLength(out.length() - 1);
    }
    out.append("],\"node\":");
    Json.quote(node.name(), out);
    if (all.size() > limit) {
      out.append(",\"next\":");
      Json.quote(page.getLast().room(), out);
    }
    if (!answers.complete()) {
      out.append(",\"complete\":false");
    }
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }
}
