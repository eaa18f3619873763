package io.roomcast.room;

import io.roomcast.protocol.PresenceEvent;

/** What a broker has to say of a room. The events of one room keep their order. */
public sealed interface RoomEvent permits Publication, RoomEvent.Subscribed, RoomEvent.Present {

  /** The room's name. */
  String room();

  /**
   * From here on, whatever is published to the room arrives.
   *
   * @param ticket the number that {@link Broker#subscribe} was called with
   */
  record Subscribed(String room, long ticket) implements RoomEvent {}

  /** A user has come into a room with presence, on whatever node, or is gone from it. */
  record Present(String room, PresenceEvent event) implements RoomEvent {}
}
