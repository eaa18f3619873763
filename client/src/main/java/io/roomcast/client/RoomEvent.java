package io.roomcast.client;

/** What happens in a room: a {@link Message}, a {@link Gap}, or the end: {@link Removed}. */
public sealed interface RoomEvent permits Message, Gap, Removed {
  /** The room's name. */
  String room();

  /** The event as the protocol has it, one JSON object. */
  String json();
}
