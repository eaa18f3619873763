package io.roomcast.protocol;

import java.nio.charset.StandardCharsets;

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

  /** Answers {@code SUBSCRIBE}. */
  public static byte[] subscribed(String id, String room) {
    return of("subscribed", id, room);
  }

  /** Answers {@code SUBSCRIBE} with a position that the room could not serve: it keeps no log. */
  public static byte[] subscribedUnrecovered(String id, String room) {
    StringBuilder out = open("subscribed", id);
    field(out, "room", room);
    out.append(",\"recovered\":false");
    return close(out);
  }

  /** Answers {@code UNSUBSCRIBE}. */
  public static byte[] unsubscribed(String id, String room) {
    return of("unsubscribed", id, room);
  }

  /** Answers {@code sendMessage}: the broker has it. */
  public static byte[] sent(String id, String room) {
    return of("sent", id, room);
  }

  /** Answers {@code ping}. */
  public static byte[] pong(String id) {
    return close(open("pong", id));
  }

  /** Refuses a command. */
  public static byte[] error(String id, ErrorCode code, String text) {
    StringBuilder out = open("error", id);
    out.append(",\"code\":").append(code.code());
    field(out, "error", code.word());
    field(out, "text", text);
    out.append(",\"temporary\":").append(code.temporary());
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

  private static byte[] of(String type, String id, String room) {
    StringBuilder out = open(type, id);
    field(out, "room", room);
    return close(out);
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
