package io.roomcast.protocol;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

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

  /** The longest offset in decimal digits. */
  private static final int DIGITS = 18;

  /** The name of a log that begins: unlike that of any other log of the room, as good as surely. */
  public static String newEpoch() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  /** Reads what {@link #text} writes; {@link #NONE} for anything else. */
  public static Position parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || colon > WireLimits.EPOCH_BYTES || text.length() - colon - 1 > DIGITS) {
      return NONE;
    }
    long offset = 0;
    for (int i = colon + 1; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      offset = 10 * offset + digit;
    }
    return colon + 1 == text.length() ? NONE : new Position(text.substring(0, colon), offset);
  }

  /** The epoch, a colon, and the offset: for where there is one field for both. */
  public String text() {
    return epoch + ':' + offset;
  }

  /** Whether it is one. */
  public boolean known() {
    return !epoch.isEmpty();
  }

  /** Whether both are places in one log. */
  public boolean sameLog(Position other) {
    return known() && epoch.equals(other.epoch);
  }
}
