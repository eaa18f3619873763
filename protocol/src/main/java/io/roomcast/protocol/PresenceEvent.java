package io.roomcast.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A user has come into a room with presence, or is gone from it.
 *
 * @param user as {@code from} of its messages would say; 1 to {@link WireLimits#NAME_BYTES} bytes
 * @param joined whether it came
 */
public record PresenceEvent(String user, boolean joined) {

  /** What the room's members are told: one JSON object in UTF-8. */
  public byte[] json(String room) {
    StringBuilder out = new StringBuilder(96);
    out.append(joined ? "{\"type\":\"joined\",\"room\":" : "{\"type\":\"left\",\"room\":");
    Json.quote(room, out);
    out.append(",\"user\":");
    Json.quote(user, out);
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Understands such an object, whoever has written it. Fields that are not known are passed over.
   *
   * @return null when it is none of this room
   */
  public static @Nullable PresenceEvent read(byte[] json, String room) {
    String type = "";
    String its = "";
    String user = "";
    try (JsonParser parser = Json.parser(json, 0, json.length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        String text = parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
        switch (field) {
          case "type" -> type = text;
          case "room" -> its = text;
          case "user" -> user = text;
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      return null;
    }
    int bytes = user.getBytes(StandardCharsets.UTF_8).length;
    boolean known = type.equals("joined") || type.equals("left");
    return known && its.equals(room) && bytes >= 1 && bytes <= WireLimits.NAME_BYTES
        ? new PresenceEvent(user, type.equals("joined"))
        : null;
  }
}
