package io.roomcast.room;

/** Why something was not passed on. Each is counted, and where members could notice, announced. */
public enum DropReason {
  /** A lane's queue was full; the room's members on that lane got a gap event. */
  LANE_FULL,
  /** What came through the broker is larger than a message may be. */
  BROKER_TOO_LARGE,
  /** What came through the broker is neither text nor a message of a node. */
  BROKER_MALFORMED,
  /** Output for a session that was closed because it read too slowly. */
  SLOW_READER;

  /** The label of metrics. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
