package io.roomcast.room;

import io.roomcast.protocol.Position;
import java.util.List;

/**
 * A part of a room's log, and where the log stood at the moment of reading.
 *
 * @param top the position of the newest message, retained or not; offset 0 when there never was one
 * @param oldest the offset of the oldest message that is retained; {@code top.offset() + 1} when
 *     none is
 * @param publications what was asked for, in ascending order of offsets and without holes; each
 *     carries its {@link Publication#position}
 */
public record LogPart(Position top, long oldest, List<Publication> publications) {
  /** Of a room without a log, or whose log has not begun. */
  public static final LogPart NONE = new LogPart(Position.NONE, 1, List.of());

  /** Whether nothing after this position has been lost: it is of this log and not too old. */
  public boolean reachesBackTo(Position since) {
    return top.sameLog(since) && since.offset() <= top.offset() && since.offset() >= oldest - 1;
  }
}
