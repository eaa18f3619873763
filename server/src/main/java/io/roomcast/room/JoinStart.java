package io.roomcast.room;

import io.roomcast.protocol.Position;
import java.util.List;

/**
 * What a new member begins with. It is to be told of these before anything else of the room.
 *
 * @param position after it every message of the room follows: those of {@code missed} first; {@link
 *     Position#NONE} in a room without a log
 * @param recovered whether {@code missed} is exactly what it asked for
 * @param missed earlier messages, in order
 */
public record JoinStart(Position position, boolean recovered, List<Publication> missed) {
  /** With what comes, and without a position: of a room without a log. */
  public static final JoinStart NOW = new JoinStart(Position.NONE, false, List.of());

  static JoinStart at(Position position) {
    return position.known() ? new JoinStart(position, false, List.of()) : NOW;
  }
}
