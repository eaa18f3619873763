package io.roomcast.room;

import io.roomcast.protocol.Position;

/**
 * Where in a room's messages a join begins.
 *
 * @param since after this position, or {@link Position#NONE}
 * @param last with so many of the newest messages; 0 for none
 */
public record JoinFrom(Position since, int last) {
  /** With what comes. */
  public static final JoinFrom NOW = new JoinFrom(Position.NONE, 0);

  /** Whether it is in the past. */
  boolean past() {
    return since.known() || last > 0;
  }
}
