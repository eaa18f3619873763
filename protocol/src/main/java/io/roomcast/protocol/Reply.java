package io.roomcast.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the server says to one client: replies to its commands, and the end of the connection. Each
 * method gives one whole JSON object in UTF-8, ready to be framed.
 *
 * <p>An {@code id} is raw JSON as {@link Command#id()} has it; an empty one is left out.
 */
public final class Reply {
  private Reply() {}

  /** Answers {@code connect}. */
  public static byte[] connected(String id, String session, String node) {
    StringBuilder out = open("connected", id);
    field(out, "session", session);
    field(out, "node", node);
    return close(out);
  }

  /**
   * Answers {@code SUBSCRIBE}.
   *
   * @param position up to where the client has everything now; {@link Position#NONE} in a room
   *     without a log
   */
  public static byte[] subscribed(String id, String room, Position position) {
    return close(position(withRoom("subscribed", id, room), position));
  }

  /**
   * Answers {@code SUBSCRIBE} with {@code since}.
   *
   * @param position after it every message follows, those that were missed included
   * @param recovered whether exactly what was missed follows
   */
  public static byte[] subscribed(String id, String room, Position position, boolean recovered) {
    StringBuilder out = position(withRoom("subscribed", id, room), position);
    return close(out.append(",\"recovered\":").append(recovered));
  }

  private static StringBuilder position(StringBuilder out, Position position) {
    if (position.known()) {
      field(out, "epoch", position.epoch());
      out.append(",\"offset\":").append(position.offset());
    }
    return out;
  }

  /** Answers {@code UNSUBSCRIBE}. */
  public static byte[] unsubscribed(String id, String room) {
    return close(withRoom("unsubscribed", id, room));
  }

  /** Tells a session that the server has taken it out of a room. */
  public static byte[] unsubscribed(String room, LeaveCode code) {
    StringBuilder out = withRoom("unsubscribed", "", room);
    out.append(",\"code\":").append(code.code());
    field(out, "text", code.text());
    return close(out);
  }

  /**
   * Answers {@code sendMessage}.
   *
   * @param position where it stands, in a room with a log
   * @param local whether the broker is away, and the members of this node alone got it
   */
  public static byte[] sent(String id, String room, Position position, boolean local) {
    StringBuilder out = position(withRoom("sent", id, room), position);
    return close(local ? out.append(",\"local\":true") : out);
  }

  /**
   * Answers {@code history}.
   *
   * @param top position of the newest message
   * @param messages whole events, in order
   * @param more whether there are more, further in the direction that was asked for
   */
  public static byte[] history(
      String id, String room, Position top, List<byte[]> messages, boolean more) {
    StringBuilder head = position(withRoom("history", id, room), top);
    head.append(",\"more\":").append(more).append(",\"messages\":[");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < messages.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(messages.get(i));
    }
    out.writeBytes(new byte[] {']', '}'});
    return out.toByteArray();
  }

  /** Answers {@code history} since a position that the log no longer reaches back to. */
  public static byte[] historyLost(String id, String room, Position top) {
    StringBuilder out = position(withRoom("history", id, room), top);
    out.append(",\"more\":false,\"messages\":[],\"recovered\":false");
    return close(out);
  }

  /** Answers {@code ping}. */
  public static byte[] pong(String id) {
    return close(open("pong", id));
  }

  /** Refuses a command. */
  public static byte[] error(String id, ErrorCode code, String text) {
    return error(id, code, text, 0);
  }

  /**
   * Refuses a command that may be worth another try.
   *
   * @param afterMillis how long to wait before it; 0 when nobody knows
   */
  public static byte[] error(String id, ErrorCode code, String text, long afterMillis) {
    StringBuilder out = open("error", id);
    out.append(",\"code\":").append(code.code());
    field(out, "error", code.word());
    field(out, "text", text);
    out.append(",\"temporary\":").append(code.temporary());
    if (afterMillis > 0) {
      out.append(",\"after\":").append(afterMillis);
    }
    return close(out);
  }

  /**
   * Announces that the server is about to close the connection.
   *
   * @param afterMillis how long the client is asked to wait before it comes back; ignored for codes
   *     that are final
   */
  public static byte[] disconnect(CloseCode code, String text, long afterMillis) {
    StringBuilder out = open("disconnect", "");
    out.append(",\"code\":").append(code.code());
    field(out, "text", text);
    out.append(",\"reconnect\":").append(code.reconnect());
    if (code.reconnect()) {
      out.append(",\"after\":").append(afterMillis);
    }
    return close(out);
  }

  private static StringBuilder withRoom(String type, String id, String room) {
    StringBuilder out = open(type, id);
    field(out, "room", room);
    return out;
  }

  private static StringBuilder open(String type, String id) {
    StringBuilder out = new StringBuilder(96).append("{\"type\":\"").append(type).append('"');
    if (!id.isEmpty()) {
      out.append(",\"id\":").append(id);
    }
    return out;
  }

  private static void field(StringBuilder out, String name, String value) {
    out.append(",\"").append(name).append("\":");
    Json.quote(value, out);
  }

  private static byte[] close(StringBuilder out) {
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }
}
