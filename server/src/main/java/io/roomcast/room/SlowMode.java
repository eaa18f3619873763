package io.roomcast.room;

import java.util.Locale;

/** What becomes of a room's messages that a member does not read as fast as they come. */
public enum SlowMode {
  /** They wait for it within bounds; beyond them it is closed, and invited back. */
  CLOSE,
  /** Only the newest waits for it. */
  LATEST,
  /** None waits for it: it is given them from the room's log when it reads again. */
  RESYNC;

  /** The word in a rule. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
