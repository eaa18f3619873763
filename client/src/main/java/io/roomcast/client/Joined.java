package io.roomcast.client;

import io.roomcast.protocol.Position;

/**
 * A confirmed membership: every later message comes, or a {@link Gap} says that some may be
 * missing.
 *
 * @param position after which the messages come; {@link Position#NONE} in a room without a log
 * @param recovered whether everything after {@link JoinFrom#since} comes; false when none was given
 */
public record Joined(Position position, boolean recovered) {}
