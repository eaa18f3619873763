package io.roomcast.client;

/**
 * Somebody has come into a room with presence, or is gone. In order with the messages. After an
 * interruption the changes meanwhile are not told: ask {@link Room#presence} again.
 *
 * @param room the room
 * @param user who
 * @param here whether the user is here now
 * @param info what its token says that others may know of it, as JSON; empty when it says nothing,
 *     and of who is gone
 * @param json the event as it came
 */
public record PresenceChange(String room, String user, boolean here, String info, String json)
    implements RoomEvent {}
