package io.roomcast.room;

import io.roomcast.protocol.Position;

/**
 * Which part of a room's log is asked for: messages whose offset is more than {@code after} and
 * less than {@code before}.
 *
 * @param limit how many at most; 0 asks for the position alone
 * @param bytes how many bytes of JSON at most, but always one message when there is any
 * @param newest whether those next to {@code before} are wanted where there are more, or those next
 *     to {@code after}; in ascending order either way
 * @param asker for whom
 */
public record LogQuery(long after, long before, int limit, int bytes, boolean newest, Asker asker) {

  /**
   * For whom a log is read.
   *
   * @param members whether the room has members here, who need a position: a log that is none yet
   *     begins. Nobody else's reading leaves a trace
   * @param seen what they were told of already. A log of that epoch that does not reach so far has
   *     lost messages, and gets another epoch, without any message: so no older position is good
   *     for it
   */
  public record Asker(boolean members, Position seen) {
    /** Somebody who only looks. */
    public static final Asker ANYBODY = new Asker(false, Position.NONE);

    /** Whether a log that stands here has lost what was seen. */
    public boolean hasSeenMoreThan(Position top) {
      return seen.sameLog(top) && seen.offset() > top.offset();
    }
  }

  /** Makes it, and refuses what cannot be meant. */
  public LogQuery {
    if (after < 0 || before < 0 || limit < 0 || bytes < 0) {
      throw new IllegalArgumentException("negative");
    }
  }

  /** Where the log stands, and none of it. */
  public static LogQuery position() {
    return new LogQuery(0, Long.MAX_VALUE, 0, 0, false, Asker.ANYBODY);
  }

  /** What came after an offset, the oldest first. */
  public static LogQuery after(long offset, int limit, int bytes) {
    return new LogQuery(offset, Long.MAX_VALUE, limit, bytes, false, Asker.ANYBODY);
  }

  /** The last ones before an offset. */
  public static LogQuery before(long offset, int limit, int bytes) {
    return new LogQuery(0, offset, limit, bytes, true, Asker.ANYBODY);
  }

  /** The same, asked for the room's members. */
  public LogQuery forMembers(Position seen) {
    return new LogQuery(after, before, limit, bytes, newest, new Asker(true, seen));
  }
}
