package io.roomcast.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.roomcast.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One event from the server, as far as the command line looks into it. Fields that are not there
 * are empty.
 *
 * @param raw the whole event, as it came
 * @param id of a reply, raw JSON
 * @param message a message's payload: a string's text, anything else as its JSON
 * @param code of an error, raw JSON
 * @param text in words, of an error or a disconnect
 */
record WireEvent(
    String raw,
    String type,
    String id,
    String room,
    String from,
    String message,
    String code,
    String text) {
  /** The type of the event that stands for the end of the connection. */
  static final String CLOSED = "closed";

  static WireEvent closed(String text) {
    return new WireEvent("", CLOSED, "", "", "", "", "", text);
  }

  static WireEvent parse(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
    String type = "";
    String id = "";
    String room = "";
    String from = "";
    String message = "";
    String code = "";
    String text = "";
    try (JsonParser parser = Json.parser(bytes, 0, bytes.length)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        String value = value(parser, bytes);
        switch (field) {
          case "type" -> type = value;
          case "id" -> id = value;
          case "room" -> room = value;
          case "from" -> from = value;
          case "message" -> message = value;
          case "code" -> code = value;
          case "text" -> text = value;
          default -> {}
        }
      }
    } catch (IOException e) {
      return closed("the server sent what is not JSON");
    }
    return new WireEvent(raw, type, id, room, from, message, code, text);
  }

  private static String value(JsonParser parser, byte[] bytes) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
