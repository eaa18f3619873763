package io.roomcast.client;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands that wait for their answers on one connection. Belongs to the loop. */
final class Requests {
  /** ms that an answer may take. */
  static final long PATIENCE = 10_000;

  private final Loop loop;
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private long lastId;

  Requests(Loop loop) {
    this.loop = loop;
  }

  /** What comes of a command: the reply, or why there is none. */
  interface Answer {
    void done(@Nullable Incoming reply, @Nullable RoomcastException failure);
  }

  private record Pending(Answer answer, Loop.Timer timer) {}

  /** What is thrown at those whose answer cannot come any more. */
  static RoomcastException lost() {
    return new RoomcastException(0, true, "the connection was lost");
  }

  /**
   * Writes a command, and waits for its answer.
   *
   * @param fields as JSON, each with a comma before it
   * @return the frame
   */
  String ask(String type, String fields, Answer answer) {
    String id = Long.toString(++lastId);
    Loop.Timer timer =
        loop.after(
            PATIENCE,
            () -> {
              if (pending.remove(id) != null) {
                answer.done(
                    null,
                    new RoomcastException(
                        0, true, "no answer within " + PATIENCE / 1000 + " s to " + type));
              }
            });
    pending.put(id, new Pending(answer, timer));
    return "{\"type\":\"" + type + "\",\"id\":" + id + fields + "}";
  }

  /** Gives an answer to whom it belongs; whether it was one. */
  boolean settle(Incoming event) {
    Pending one = pending.remove(event.raw("id"));
    if (one == null) {
      return event.has("id");
    }
    one.timer().cancel();
    if (event.type().equals("error")) {
      one.answer().done(null, event.error());
    } else {
      one.answer().done(event, null);
    }
    return true;
  }

  /** None of them will be answered. */
  void abandon(RoomcastException failure) {
    List<Pending> all = new ArrayList<>(pending.values());
    pending.clear();
    for (Pending one : all) {
      one.timer().cancel();
      one.answer().done(null, failure);
    }
  }

  /** The field {@code since}, with a comma before it. */
  static String since(Position position) {
    StringBuilder out = new StringBuilder(",\"since\":{\"epoch\":");
    Json.quote(position.epoch(), out);
    return out.append(",\"offset\":").append(position.offset()).append('}').toString();
  }

  /** A field that is a string, with a comma before it; nothing when it is empty. */
  static String field(String name, String value) {
    if (value.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder(",\"").append(name).append("\":");
    Json.quote(value, out);
    return out.toString();
  }
}
