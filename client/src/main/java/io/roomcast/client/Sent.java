package io.roomcast.client;

import io.roomcast.protocol.Position;

/**
 * The broker has a message.
 *
 * @param position its place in the room's log; {@link Position#NONE} in a room without
 * @param local whether only the members of one node got it, as the room's rules allow while the
 *     broker is away
 */
public record Sent(Position position, boolean local) {}
