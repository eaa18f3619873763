package io.roomcast.client;

import io.roomcast.protocol.Position;

/**
 * One message of a room.
 *
 * @param room its room
 * @param payload what was sent: any JSON value, byte for byte as it was written
 * @param from the sender's public id; empty when it has none
 * @param key what it was sent with; empty without
 * @param time when it was published, by the clock of the publishing node: ms since 1970; 0 in a
 *     room without a log
 * @param position where it stands in the room's log; {@link Position#NONE} when it stands in none,
 *     or the log's epoch is not known yet
 * @param json the whole event as it came
 */
public record Message(
    String room, String payload, String from, String key, long time, Position position, String json)
    implements RoomEvent {
  /** What was sent, when it was a JSON string: its text. Anything else as its JSON. */
  public String text() {
    return payload.startsWith("\"") ? Incoming.unquote(payload) : payload;
  }
}
