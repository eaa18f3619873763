package io.roomcast.room;

/** What a broker has to say of a room. The events of one room keep their order. */
public sealed interface RoomEvent permits Publication, RoomEvent.Subscribed {

  /** The room's name. */
  String room();

  /**
   * From here on, whatever is published to the room arrives.
   *
   * @param ticket the number that {@link Broker#subscribe} was called with
   */
  record Subscribed(String room, long ticket) implements RoomEvent {}
}
