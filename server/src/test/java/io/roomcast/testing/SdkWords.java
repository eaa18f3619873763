package io.roomcast.testing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.roomcast.client.HistoryPage;
import io.roomcast.client.HistoryQuery;
import io.roomcast.client.JoinFrom;
import io.roomcast.client.Message;
import io.roomcast.client.Room;
import io.roomcast.client.SendOptions;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.RoomName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What an application can say by the Java client, out of what a transcript's client says. */
final class SdkWords {
  private static final Map<String, Set<String>> WORDS =
      Map.of(
          "SUBSCRIBE", Set.of("since", "last"),
          "UNSUBSCRIBE", Set.of(),
          "sendMessage", Set.of("message", "echo", "key"),
          "history", Set.of("since", "before", "limit"),
          "presence", Set.of("counts", "after", "limit"));

  /** What the client refuses itself: it would end the connection. */
  private static final int MOST_CHARS = 65_000;

  /** What the client makes where the application gives no key. */
  private static final Pattern OWN_KEY = Pattern.compile("[0-9a-f]{8}-[0-9a-z]+");

  private SdkWords() {}

  /** Something that cannot be said in the client's words. */
  static final class Unsayable extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * One call.
   *
   * @param id the field {@code id} of the transcript, or nothing
   * @param answered whether the transcript's client hears of its success
   */
  record Saying(
      String room,
      Map<String, Object> id,
      boolean answered,
      Function<Room, CompletableFuture<Map<String, Object>>> making) {
    CompletableFuture<Map<String, Object>> call(Room to) {
      return making.apply(to);
    }
  }

  /**
   * The steps without what cannot be said and the one error that answers it; up to where something
   * else answers it.
   */
  static List<Transcript.Step> playable(List<Transcript.Step> steps) {
    List<Transcript.Step> out = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Transcript.Step step = steps.get(i);
      if (sayable(step)) {
        out.add(step);
      } else if (i + 1 < steps.size() && isItsError(step, steps.get(i + 1))) {
        i++;
      } else {
        break;
      }
    }
    return out;
  }

  private static boolean isItsError(Transcript.Step said, Transcript.Step heard) {
    return !said.json().startsWith("[")
        && heard.action().equals("hears")
        && heard.client().equals(said.client())
        && heard.times() == said.times()
        && JsonTree.read(heard.json()) instanceof Map<?, ?> frame
        && "error".equals(frame.get("type"));
  }

  private static boolean sayable(Transcript.Step step) {
    try {
      switch (step.action()) {
        case "says" -> sayings(step.json());
        case "saysText" -> sayings((String) Objects.requireNonNull(JsonTree.read(step.json())));
        case "saysBinary" -> {
          return false;
        }
        default -> {}
      }
      return true;
    } catch (Unsayable | IOException | RuntimeException e) {
      return false;
    }
  }

  /** The calls that mean what the commands mean. */
  static List<Saying> sayings(String json) throws Unsayable, IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    if (!Json.isValue(bytes, 0, bytes.length) || bytes.length > MOST_CHARS) {
      throw new Unsayable();
    }
    List<Saying> out = new ArrayList<>();
    try (JsonParser parser = Json.parser(bytes, 0, bytes.length)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        out.add(saying(fields(parser, bytes)));
      } else if (first == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          out.add(saying(fields(parser, bytes)));
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
          throw new Unsayable();
        }
      }
    }
    if (out.isEmpty()) {
      throw new Unsayable();
    }
    return out;
  }

  private static Map<String, String> fields(JsonParser parser, byte[] bytes)
      throws IOException, Unsayable {
    Map<String, String> out = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      int start = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      parser.finishToken();
      int end = (int) parser.currentLocation().getByteOffset();
      if (out.put(name, new String(bytes, start, end - start, StandardCharsets.UTF_8)) != null) {
        throw new Unsayable();
      }
    }
    return out;
  }

  private static Saying saying(Map<String, String> fields) throws Unsayable {
    String type = text(fields, "type");
    String room = text(fields, "room");
    Set<String> known = WORDS.getOrDefault(type, Set.of());
    boolean words =
        fields.keySet().stream()
            .allMatch(f -> known.contains(f) || Set.of("type", "id", "room").contains(f));
    boolean needsId = Set.of("history", "presence").contains(type);
    if (!words
        || !WORDS.containsKey(type)
        || !RoomName.flaw(room).isEmpty()
        || (needsId && !fields.containsKey("id"))) {
      throw new Unsayable();
    }
    Map<String, Object> id = new LinkedHashMap<>();
    if (fields.containsKey("id")) {
      Object value = JsonTree.read(fields.getOrDefault("id", ""));
      if (!(value instanceof String || value instanceof Long)) {
        throw new Unsayable();
      }
      id.put("id", value);
    }
    // With since the server answers also without an id.
    boolean answered = !id.isEmpty() || fields.containsKey("since");
    return new Saying(room, id, answered, making(type, room, fields));
  }

  private static Function<Room, CompletableFuture<Map<String, Object>>> making(
      String type, String room, Map<String, String> fields) throws Unsayable {
    return switch (type) {
      case "SUBSCRIBE" -> joining(room, fields);
      case "UNSUBSCRIBE" -> to -> to.leave().thenApply(done -> frame("unsubscribed", room));
      case "history" -> {
        int limit = fields.containsKey("limit") ? (int) number(fields, "limit") : 100;
        if (fields.containsKey("before") && fields.containsKey("since")) {
          throw new Unsayable();
        }
        long before = fields.containsKey("before") ? number(fields, "before") : 0;
        HistoryQuery query = new HistoryQuery(position(fields), before, limit);
        yield to -> to.history(query).thenApply(page -> page(room, page));
      }
      case "presence" -> presence(room, fields);
      default -> sending(room, fields);
    };
  }

  private static Function<Room, CompletableFuture<Map<String, Object>>> presence(
      String room, Map<String, String> fields) throws Unsayable {
    String counts = fields.getOrDefault("counts", "false");
    if (counts.equals("true") && !fields.containsKey("after") && !fields.containsKey("limit")) {
      return to ->
          to.presenceCounts()
              .thenApply(
                  here -> {
                    Map<String, Object> frame = frame("presence", room);
                    frame.put("count", here.count());
                    frame.put("sessions", here.sessions());
                    return frame;
                  });
    }
    if (!counts.equals("false")) {
      throw new Unsayable();
    }
    String after = fields.containsKey("after") ? text(fields, "after") : "";
    int limit = fields.containsKey("limit") ? (int) number(fields, "limit") : 100;
    if (limit < 1 || limit > 1000) {
      throw new Unsayable();
    }
    return to ->
        to.presence(after, limit)
            .thenApply(
                page -> {
                  Map<String, Object> frame = frame("presence", room);
                  frame.put("users", page.users());
                  frame.put("more", page.more());
                  frame.put("count", page.count());
                  return frame;
                });
  }

  private static Function<Room, CompletableFuture<Map<String, Object>>> joining(
      String room, Map<String, String> fields) throws Unsayable {
    boolean since = fields.containsKey("since");
    if (since && fields.containsKey("last")) {
      throw new Unsayable();
    }
    JoinFrom from =
        fields.containsKey("last")
            ? JoinFrom.last((int) number(fields, "last"))
            : new JoinFrom(position(fields), 0);
    return to -> to.join(from).thenApply(joined -> subscribed(room, joined, since));
  }

  private static Function<Room, CompletableFuture<Map<String, Object>>> sending(
      String room, Map<String, String> fields) throws Unsayable {
    String message = fields.get("message");
    String echo = fields.getOrDefault("echo", "true");
    String key = fields.containsKey("key") ? text(fields, "key") : "";
    if (message == null || !Set.of("true", "false").contains(echo)) {
      throw new Unsayable();
    }
    SendOptions keyed = SendOptions.DEFAULT.withKey(key);
    SendOptions how = echo.equals("true") ? keyed : keyed.withoutEcho();
    return to ->
        to.send(message, how)
            .thenApply(
                sent -> {
                  Map<String, Object> frame = frame("sent", room);
                  put(frame, sent.position());
                  return frame;
                });
  }

  private static Map<String, Object> subscribed(
      String room, io.roomcast.client.Joined joined, boolean since) {
    Map<String, Object> frame = frame("subscribed", room);
    put(frame, joined.position());
    if (since) {
      frame.put("recovered", joined.recovered());
    }
    return frame;
  }

  private static Map<String, Object> page(String room, HistoryPage page) {
    Map<String, Object> frame = frame("history", room);
    put(frame, page.newest());
    frame.put("more", page.more());
    frame.put("messages", page.messages().stream().map(Message::json).map(SdkWords::tree).toList());
    if (!page.complete()) {
      frame.put("recovered", false);
    }
    return frame;
  }

  /** A message without a key that the client has made: a transcript knows of none. */
  static Map<?, ?> tree(String json) {
    Map<?, ?> frame = (Map<?, ?>) Objects.requireNonNull(JsonTree.read(json));
    if (frame.get("key") instanceof String key && OWN_KEY.matcher(key).matches()) {
      frame.remove("key");
    }
    return frame;
  }

  private static Map<String, Object> frame(String type, String room) {
    Map<String, Object> frame = new LinkedHashMap<>();
    frame.put("type", type);
    frame.put("room", room);
    return frame;
  }

  private static void put(Map<String, Object> frame, Position position) {
    if (position.known()) {
      frame.put("epoch", position.epoch());
      frame.put("offset", position.offset());
    }
  }

  private static Position position(Map<String, String> fields) throws Unsayable {
    String since = fields.get("since");
    if (since == null) {
      return Position.NONE;
    }
    if (JsonTree.read(since) instanceof Map<?, ?> map
        && map.size() == 2
        && map.get("epoch") instanceof String epoch
        && map.get("offset") instanceof Long offset
        && since.matches("\\{\"epoch\":\"[^\"\\\\]+\",\"offset\":\\d+}")) {
      return new Position(epoch, offset);
    }
    throw new Unsayable();
  }

  private static long number(Map<String, String> fields, String name) throws Unsayable {
    String raw = fields.getOrDefault(name, "");
    if (!raw.matches("[1-9]\\d{0,8}")) {
      throw new Unsayable();
    }
    return Long.parseLong(raw);
  }

  private static String text(Map<String, String> fields, String name) throws Unsayable {
    String raw = fields.get(name);
    if (raw == null || !(JsonTree.read(raw) instanceof String value)) {
      throw new Unsayable();
    }
    return value;
  }
}
