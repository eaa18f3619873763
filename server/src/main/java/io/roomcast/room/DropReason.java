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
  SLOW_READER,
  /** A slow member of a room with {@link SlowMode#LATEST} gets a newer message in its place. */
  SLOW_LATEST,
  /** Not given to a slow member of a room with {@link SlowMode#RESYNC} as it came: later. */
  SLOW_RESYNC,
  /** What such a member was to be given later is in no log, or no more; it was told. */
  SLOW_LOST;

  /** The label of metrics. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
