package io.roomcast.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A user has come into a room with presence, or is gone from it.
 *
 * @param user as {@code from} of its messages would say; 1 to {@link WireLimits#NAME_BYTES} bytes
 * @param joined whether it came
 * @param info what others may know of it, as {@link Json#isInfo} has it; or empty, which it is of
 *     who is gone
 */
public record PresenceEvent(String user, boolean joined, String info) {
  private static final byte[] NO_INFO = {};

  /** Of a user of whom no more is known. */
  public PresenceEvent(String user, boolean joined) {
    this(user, joined, "");
  }

  /** What the room's members are told: one JSON object in UTF-8. */
  public byte[] json(String room) {
    StringBuilder out = new StringBuilder(96);
    out.append(joined ? "{\"type\":\"joined\",\"room\":" : "{\"type\":\"left\",\"room\":");
    Json.quote(room, out);
    out.append(",\"user\":");
    Json.quote(user, out);
    if (!info.isEmpty()) {
      out.append(",\"info\":").append(info);
    }
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
    byte[] info = NO_INFO;
    try (JsonParser parser = Json.parser(json, 0, json.length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "type" -> type = text(parser);
          case "room" -> its = text(parser);
          case "user" -> user = text(parser);
          case "info" -> info = slice(parser, json);
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      return null;
    }
    int bytes = user.getBytes(StandardCharsets.UTF_8).length;
    boolean joined = type.equals("joined");
    boolean known = joined || type.equals("left");
    if (!known || !its.equals(room) || bytes < 1 || bytes > WireLimits.NAME_BYTES) {
      return null;
    }
    // One that is none spoils no event: who is here matters more.
    boolean told = joined && Json.isInfo(info, 0, info.length);
    return new PresenceEvent(user, joined, told ? new String(info, StandardCharsets.UTF_8) : "");
  }

  private static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return "";
  }

  private static byte[] slice(JsonParser parser, byte[] json) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return Arrays.copyOfRange(json, start, (int) parser.currentLocation().getByteOffset());
  }
}
