package io.roomcast.room;

/**
 * Which part of a room's log is asked for: messages whose offset is more than {@code after} and
 * less than {@code before}.
 *
 * @param limit how many at most; 0 asks for the position alone
 * @param bytes how many bytes of JSON at most, but always one message when there is any
 * @param newest whether those next to {@code before} are wanted where there are more, or those next
 *     to {@code after}; in ascending order either way
 */
public record LogQuery(long after, long before, int limit, int bytes, boolean newest) {
  /** Asks where the log stands, and for none of it. */
  public static final LogQuery POSITION = new LogQuery(0, Long.MAX_VALUE, 0, 0, false);

  /** Makes it, and refuses what cannot be meant. */
  public LogQuery {
    if (after < 0 || before < 0 || limit < 0 || bytes < 0) {
      throw new IllegalArgumentException("negative");
    }
  }

  /** What came after an offset, the oldest first. */
  public static LogQuery after(long offset, int limit, int bytes) {
    return new LogQuery(offset, Long.MAX_VALUE, limit, bytes, false);
  }

  /** The last ones before an offset. */
  public static LogQuery before(long offset, int limit, int bytes) {
    return new LogQuery(0, offset, limit, bytes, true);
  }
}
