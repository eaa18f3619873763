package io.roomcast.client;

import io.roomcast.protocol.Json;

/**
 * Messages of the room that were published between two times may be missing here. Comes in order
 * with the messages: what is missing was published after the one before it and before the one after
 * it.
 *
 * @param room the room
 * @param sinceMillis from when on: ms since 1970, 0 when it is not known
 * @param untilMillis until when: ms since 1970
 * @param reason {@code broker}, {@code overload}, {@code log} or {@code slow}, when this client did
 *     not read as fast as the room went: told by the server; {@code connection}: this client was
 *     away, and the server could not give what it missed
 * @param skipped how many messages are missing, with {@code slow}; 0 where it is not known
 * @param json the event as the protocol has it
 */
public record Gap(
    String room, long sinceMillis, long untilMillis, String reason, long skipped, String json)
    implements RoomEvent {
  /** What stands for an interruption that was not recovered. */
  static final String CONNECTION = "connection";

  static Gap connection(String room, long sinceMillis, long untilMillis) {
    StringBuilder json = new StringBuilder("{\"type\":\"gap\",\"room\":");
    Json.quote(room, json);
    json.append(",\"since\":").append(sinceMillis).append(",\"until\":").append(untilMillis);
    json.append(",\"reason\":\"").append(CONNECTION).append("\"}");
    return new Gap(room, sinceMillis, untilMillis, CONNECTION, 0, json.toString());
  }
}
