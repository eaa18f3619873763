package io.roomcast.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the server says to all members of a room, encoded once and then shared. Each method gives
 * one whole JSON object in UTF-8, ready to be framed.
 */
public final class Event {
  private static final byte[] MESSAGE = ascii("{\"type\":\"message\",\"room\":");
  private static final byte[] BODY = ascii(",\"message\":");
  private static final byte[] FROM = ascii(",\"from\":");

  private Event() {}

  /**
   * A message.
   *
   * @param message the payload: one JSON value, taken as it is
   * @param from the sender's public id, or empty
   */
  public static byte[] message(String room, byte[] message, String from) {
    return message(room, message, from, 0, "");
  }

  /**
   * A message that is kept.
   *
   * @param timeMillis when it was published, ms since the epoch; 0 leaves it out
   * @param key the publish key, or empty
   */
  public static byte[] message(
      String room, byte[] message, String from, long timeMillis, String key) {
    return message(room, message, from, timeMillis, key, "");
  }

  /**
   * The same, as part of a trace.
   *
   * @param trace the W3C {@code traceparent}, or empty
   */
  public static byte[] message(
      String room, byte[] message, String from, long timeMillis, String key, String trace) {
    byte[] plain = plain(room, message, from);
    if (timeMillis == 0 && key.isEmpty() && trace.isEmpty()) {
      return plain;
    }
    StringBuilder more = new StringBuilder(64);
    if (!trace.isEmpty()) {
      more.append(",\"traceparent\":");
      Json.quote(trace, more);
    }
    if (!key.isEmpty()) {
      more.append(",\"key\":");
      Json.quote(key, more);
    }
    if (timeMillis != 0) {
      more.append(",\"time\":").append(timeMillis);
    }
    return withLast(plain, more.toString());
  }

  /** The same message with its offset in the room's log as the last field. */
  public static byte[] withOffset(byte[] message, long offset) {
    return withLast(message, ",\"offset\":" + offset);
  }

  private static byte[] withLast(byte[] object, String fields) {
    byte[] more = fields.getBytes(StandardCharsets.UTF_8);
    byte[] out = Arrays.copyOf(object, object.length + more.length);
    put(out, object.length - 1, more);
    out[out.length - 1] = '}';
    return out;
  }

  private static byte[] plain(String room, byte[] message, String from) {
    byte[] name = Json.quote(room);
    byte[] sender = from.isEmpty() ? new byte[0] : Json.quote(from);
    int size = MESSAGE.length + name.length + BODY.length + message.length + 1;
    byte[] out = new byte[from.isEmpty() ? size : size + FROM.length + sender.length];
    int at = put(out, 0, MESSAGE);
    at = put(out, at, name);
    at = put(out, at, BODY);
    at = put(out, at, message);
    if (!from.isEmpty()) {
      at = put(out, at, FROM);
      at = put(out, at, sender);
    }
    out[at] = '}';
    return out;
  }

  /**
   * What every {@link #message} to this room begins with, up to where the payload starts: a node
   * checks what came from elsewhere against it.
   */
  public static byte[] messagePrefix(String room) {
    byte[] name = Json.quote(room);
    byte[] out = new byte[MESSAGE.length + name.length + BODY.length];
    put(out, put(out, put(out, 0, MESSAGE), name), BODY);
    return out;
  }

  /**
   * Whether an event is a message of a room.
   *
   * @param prefix the room's {@link #messagePrefix}
   */
  public static boolean isMessage(byte[] event, byte[] prefix) {
    int length = prefix.length;
    return event.length > length && Arrays.equals(event, 0, length, prefix, 0, length);
  }

  /**
   * Tells that messages of the room may be missing.
   *
   * @param sinceMillis the last time at which delivery is known to have worked, ms since the epoch
   * @param untilMillis when delivery worked again, ms since the epoch
   * @param reason {@code "broker"}, {@code "overload"} or {@code "log"}
   */
  public static byte[] gap(String room, long sinceMillis, long untilMillis, String reason) {
    StringBuilder out = new StringBuilder(128).append("{\"type\":\"gap\",\"room\":");
    Json.quote(room, out);
    out.append(",\"since\":").append(sinceMillis).append(",\"until\":").append(untilMillis);
    out.append(",\"reason\":\"").append(reason).append("\"}");
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Tells one member that it read too slowly for some messages of the room.
   *
   * @param sinceMillis before which nothing was skipped, ms since the epoch
   * @param untilMillis the present, ms since the epoch
   * @param count how many messages it was not given
   */
  public static byte[] skipped(String room, long sinceMillis, long untilMillis, long count) {
    return withLast(gap(room, sinceMillis, untilMillis, "slow"), ",\"skipped\":" + count);
  }

  /** Whether one of these events is a message, of whatever room. */
  public static boolean isMessage(byte[] event) {
    return isMessage(event, MESSAGE);
  }

  private static int put(byte[] out, int at, byte[] part) {
    System.arraycopy(part, 0, out, at, part.length);
    return at + part.length;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
