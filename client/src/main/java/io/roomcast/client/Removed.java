package io.roomcast.client;

import io.roomcast.protocol.Json;

/**
 * The server ended the membership, or would not let it begin again, or ended the connection for
 * good. Nothing more comes from the room until it is joined again.
 *
 * @param room the room
 * @param code an error code, or a close code
 * @param text why, in words for a person
 * @param json an event as the protocol has it
 */
public record Removed(String room, int code, String text, String json) implements RoomEvent {
  static Removed of(String room, int code, String text) {
    StringBuilder json = new StringBuilder("{\"type\":\"unsubscribed\",\"room\":");
    Json.quote(room, json);
    json.append(",\"code\":").append(code).append(",\"text\":");
    Json.quote(text, json);
    return new Removed(room, code, text, json.append('}').toString());
  }
}
