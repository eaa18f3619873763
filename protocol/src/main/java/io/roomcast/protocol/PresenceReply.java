package io.roomcast.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What the server says to who asks who is in a room: one JSON object in UTF-8. */
public final class PresenceReply {
  private PresenceReply() {}

  /**
   * A page of users.
   *
   * @param id as {@link Command#id()} has it; an empty one is left out
   * @param users in the order of the list
   * @param infos what others may know of some of them, each one JSON value; left out when empty
   * @param more whether there are more after the last of them
   * @param count how many users are here in all
   */
  public static byte[] users(
      String id,
      String room,
      List<String> users,
      Map<String, String> infos,
      boolean more,
      long count) {
    StringBuilder out = open(id, room).append(",\"users\":[");
    for (String user : users) {
      Json.quote(user, out);
      out.append(',');
    }
    if (!users.isEmpty()) {
      out.setLength(out.length() - 1);
    }
    out.append(']');
    if (!infos.isEmpty()) {
      out.append(",\"infos\":{");
      infos.forEach(
          (user, info) -> {
            Json.quote(user, out);
            out.append(':').append(info).append(',');
          });
      out.setCharAt(out.length() - 1, '}');
    }
    out.append(",\"more\":").append(more);
    return close(out.append(",\"count\":").append(count));
  }

  /**
   * The numbers alone.
   *
   * @param sessions those of all users together
   */
  public static byte[] counts(String id, String room, long count, long sessions) {
    StringBuilder out = open(id, room).append(",\"count\":").append(count);
    return close(out.append(",\"sessions\":").append(sessions));
  }

  private static StringBuilder open(String id, String room) {
    StringBuilder out = new StringBuilder(128).append("{\"type\":\"presence\"");
    if (!id.isEmpty()) {
      out.append(",\"id\":").append(id);
    }
    out.append(",\"room\":");
    Json.quote(room, out);
    return out;
  }

  private static byte[] close(StringBuilder out) {
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }
}
