package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.Reply;
import io.roomcast.protocol.RoomName;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Broker.PublishOutcome;
import io.roomcast.room.Denial;
import io.roomcast.room.Node;
import io.roomcast.room.Scope;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/messages}: sends one message to many rooms. */
record PublishManyRoute(Node node, ServerApi api) implements Route.Handler {
  /** Where it is; its body may be larger than others, since it also has the rooms' names. */
  static final String PATH = "/v1/messages";

  /** Rooms in one request. */
  static final int MOST_ROOMS = 1000;

  /** What so many names may take in a body, in bytes. */
  static final int NAMES_BYTES = MOST_ROOMS * (WireLimits.ROOM_BYTES + 4);

  private static final Set<String> FIELDS =
      new LinkedHashSet<>(List.of("rooms", "message", "from", "key"));

  @Override
  public void handle(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.PUBLISH);
    String type = exchange.header(HttpHeaderNames.CONTENT_TYPE);
    if (!type.isEmpty() && !type.startsWith("application/")) {
      throw Problem.of(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
          "expected application/json, or no Content-Type");
    }
    JsonBody body = JsonBody.parse(exchange.body(), FIELDS);
    List<String> rooms = rooms(body);
    byte[] message = message(body);
    String from = name(body, "from");
    String key = name(body, "key");
    Results results = new Results(exchange, rooms);
    for (int i = 0; i < rooms.size(); i++) {
      int at = i;
      Denial large = node.quotas().size(node.rules(rooms.get(i)), message.length);
      if (large != null) {
        results.refused(at, Problem.of(large));
        continue;
      }
      node.publish(
          rooms.get(i),
          message,
          from,
          "",
          key,
          exchange.trace(),
          (outcome, position) -> results.done(at, outcome, position));
    }
  }

  private static List<String> rooms(JsonBody body) throws Problem {
    List<String> rooms = body.texts("rooms");
    if (rooms.isEmpty() || rooms.size() > MOST_ROOMS) {
      throw Problem.invalidField("rooms must be an array of 1 to " + MOST_ROOMS + " names");
    }
    Set<String> seen = new HashSet<>();
    for (String room : rooms) {
      String flaw = RoomName.flaw(room);
      if (!flaw.isEmpty()) {
        throw Problem.invalidField("a room " + flaw);
      }
      if (!seen.add(room)) {
        throw Problem.invalidField("a room is named twice");
      }
    }
    return rooms;
  }

  private byte[] message(JsonBody body) throws Problem {
    byte[] message = body.raw("message");
    if (message.length == 0) {
      throw Problem.invalidField("message is missing; expected any JSON value");
    }
    if (message.length > node.limits().messageBytes()) {
      throw Problem.tooLarge(node.limits().messageBytes());
    }
    return message;
  }

  private static String name(JsonBody body, String field) throws Problem {
    String name = body.text(field);
    if (name.getBytes(StandardCharsets.UTF_8).length > WireLimits.NAME_BYTES) {
      throw Problem.invalidField(field + " must be at most " + WireLimits.NAME_BYTES + " bytes");
    }
    return name;
  }

  /** Gathers what became of each, and answers when all are there. From any thread. */
  private static final class Results {
    private final Exchange exchange;
    private final List<String> rooms;
    private final AtomicReferenceArray<byte[]> parts;
    private final AtomicInteger left;
    private final AtomicInteger failed = new AtomicInteger();

    Results(Exchange exchange, List<String> rooms) {
      this.exchange = exchange;
      this.rooms = rooms;
      this.parts = new AtomicReferenceArray<>(rooms.size());
      this.left = new AtomicInteger(rooms.size());
    }

    void done(int at, PublishOutcome outcome, Position position) {
      if (outcome.delivered()) {
        parts.set(at, Reply.sent("", rooms.get(at), position, outcome.local()));
        settle(null);
      } else {
        refused(at, Problem.temporary(outcome.error(), outcome.text()));
      }
    }

    void refused(int at, Problem problem) {
      failed.incrementAndGet();
      parts.set(at, error(rooms.get(at), problem.code(), problem.detail()));
      settle(problem);
    }

    private void settle(@Nullable Problem last) {
      if (left.decrementAndGet() == 0) {
        exchange.onLane(() -> answer(last));
      }
    }

    private void answer(@Nullable Problem last) {
      if (last != null && failed.get() == rooms.size()) {
        exchange.fail(last);
      } else {
        exchange.answer(Answer.json(HttpResponseStatus.OK, json()));
      }
    }

    private byte[] json() {
      ByteArrayOutputStream out = new ByteArrayOutputStream(64 + 64 * rooms.size());
      int lost = failed.get();
      out.writeBytes(
          ("{\"sent\":" + (rooms.size() - lost) + ",\"failed\":" + lost + ",\"results\":[")
              .getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < rooms.size(); i++) {
        if (i > 0) {
          out.write(',');
        }
        out.writeBytes(parts.get(i));
      }
      out.writeBytes(new byte[] {']', '}'});
      return out.toByteArray();
    }

    private static byte[] error(String room, @Nullable ErrorCode known, String text) {
      ErrorCode code = known == null ? ErrorCode.INTERNAL : known;
      StringBuilder out = new StringBuilder(160).append("{\"type\":\"error\",\"room\":");
      Json.quote(room, out);
      out.append(",\"code\":").append(code.code());
      out.append(",\"error\":\"").append(code.word()).append("\",\"text\":");
      Json.quote(text, out);
      out.append(",\"temporary\":").append(code.temporary()).append('}');
      return out.toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
