package io.roomcast.protocol;

/**
 * A place in a room's log: that of one message, or of the newest one. A member that knows it can
 * ask for what came after.
 *
 * @param epoch names the log: another one after the log was lost; empty in {@link #NONE}
 * @param offset counts the room's messages from 1 on; 0 is before the first
 */
public record Position(String epoch, long offset) {
  /** No position: of a room without a log, or not known. */
  public static final Position NONE = new Position("", 0);

  /** Whether it is one. */
  public boolean known() {
    return !epoch.isEmpty();
  }

  /** Whether both are places in one log. */
  public boolean sameLog(Position other) {
    return known() && epoch.equals(other.epoch);
  }
}
