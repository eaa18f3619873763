package io.roomcast.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON object as far as it is looked into: its fields, each still as JSON.
 *
 * @param json the whole of it
 */
record Incoming(String json, Map<String, String> fields) {
  private static final int FIELDS = 16;

  /** Reads one; what is not a JSON object is an {@link IOException}. */
  static Incoming parse(String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Map<String, String> fields = new HashMap<>(FIELDS);
    try (JsonParser parser = Json.parser(bytes, 0, bytes.length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        fields.put(field, slice(parser, bytes));
      }
    }
    return new Incoming(json, fields);
  }

  private static String slice(JsonParser parser, byte[] bytes) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  /** The text of a JSON string. */
  static String unquote(String quoted) {
    byte[] bytes = quoted.getBytes(StandardCharsets.UTF_8);
    try (JsonParser parser = Json.parser(bytes, 0, bytes.length)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      return quoted;
    }
  }

  /** A field as JSON; empty when it is not there. */
  String raw(String field) {
    return fields.getOrDefault(field, "");
  }

  /** A field that is a string; empty when it is not. */
  String text(String field) {
    String raw = raw(field);
    if (!raw.startsWith("\"")) {
      return "";
    }
    return raw.indexOf('\\') < 0 ? raw.substring(1, raw.length() - 1) : unquote(raw);
  }

  /** A field that is a whole number; 0 when it is not. */
  long number(String field) {
    String raw = raw(field);
    try {
      return raw.isEmpty() ? 0 : Long.parseLong(raw);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  boolean has(String field) {
    return fields.containsKey(field);
  }

  boolean flag(String field) {
    return raw(field).equals("true");
  }

  String type() {
    return text("type");
  }

  String room() {
    return text("room");
  }

  /** The position in the fields {@code epoch} and {@code offset}. */
  Position position() {
    String epoch = text("epoch");
    return epoch.isEmpty() ? Position.NONE : new Position(epoch, number("offset"));
  }

  /** What an error says. */
  RoomcastException error() {
    return new RoomcastException(
        (int) number("code"), flag("temporary"), text("text"), Math.max(0, number("after")));
  }

  /** As a message, in a log of this epoch. */
  Message message(String epoch) {
    Position position =
        epoch.isEmpty() || !has("offset") ? Position.NONE : new Position(epoch, number("offset"));
    return new Message(
        room(), raw("message"), text("from"), text("key"), number("time"), position, json);
  }

  /** The objects of a field that is an array of them. */
  List<Incoming> objects(String field) throws IOException {
    List<Incoming> out = new ArrayList<>();
    for (String one : elements(field)) {
      out.add(parse(one));
    }
    return out;
  }

  /** The strings of a field that is an array of them. */
  List<String> texts(String field) throws IOException {
    return elements(field).stream().map(Incoming::unquote).toList();
  }

  /** The fields of a field that is an object, each still as JSON; none when it is not there. */
  Map<String, String> raws(String field) throws IOException {
    return has(field) ? parse(raw(field)).fields() : Map.of();
  }

  private List<String> elements(String field) throws IOException {
    byte[] bytes = raw(field).getBytes(StandardCharsets.UTF_8);
    List<String> out = new ArrayList<>();
    try (JsonParser parser = Json.parser(bytes, 0, bytes.length)) {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          out.add(slice(parser, bytes));
        }
      }
    }
    return out;
  }
}
