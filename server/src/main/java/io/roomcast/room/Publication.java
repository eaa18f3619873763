package io.roomcast.room;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;

/**
 * One message as it travels, or another event that all members of a room are told in the same
 * order. Immutable: the bytes are shared with every receiver and never change.
 *
 * @param room the room's name
 * @param json what a client receives, one JSON object in UTF-8
 * @param exclude the session that does not get it, by {@link Session#id()}; or empty
 * @param position its place in the room's log, or {@link Position#NONE}
 */
public record Publication(String room, byte[] json, String exclude, Position position)
    implements RoomEvent {

  /** One that stands in no log, or not yet. */
  public Publication(String room, byte[] json, String exclude) {
    this(room, json, exclude, Position.NONE);
  }

  /** Whether it stands in the room's log. */
  public boolean logged() {
    return position.known();
  }

  /** Says that messages between two times, in ms since the epoch, may be missing. */
  public static Publication gap(String room, long since, long until, String reason) {
    return new Publication(room, Event.gap(room, since, until, reason), "");
  }
}
