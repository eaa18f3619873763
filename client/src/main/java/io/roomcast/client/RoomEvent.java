package io.roomcast.client;

/** What happens in a room: a message, a gap, somebody who comes or goes, the end. */
public sealed interface RoomEvent permits Message, Gap, PresenceChange, Removed {
  /** The room's name. */
  String room();

  /** The event as the protocol has it, one JSON object. */
  String json();
}
