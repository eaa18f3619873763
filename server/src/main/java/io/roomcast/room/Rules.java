package io.roomcast.room;

import java.time.Duration;

/**
 * What a room's name allows.
 *
 * @param logSize messages that the room's log keeps, the newest ones; 0 for a room without a log
 * @param logFor how long it keeps them; positive where there is a log
 * @param keyFor how long a publish key is remembered: a repeat within that time is the same message
 * @param local whether members of this node get a message although the broker is away
 * @param slow what becomes of what a member does not read in time
 * @param presence whether the room tells who is in it
 * @param grace how long a user without a session still counts as being there
 * @param whoMay who may join, send, see the members, and read the log
 * @param size bytes that a message to the room may have, beside what the server's own limit is
 * @param rate how fast one sender may send to the room
 */
public record Rules(
    int logSize,
    Duration logFor,
    Duration keyFor,
    boolean local,
    SlowMode slow,
    boolean presence,
    Duration grace,
    WhoMay whoMay,
    int size,
    Rate rate) {

  /** The largest {@link #logSize}. */
  public static final int MOST_LOG_SIZE = 100_000;

  /** The longest of the durations. */
  public static final Duration LONGEST = Duration.ofDays(30);

  /** The longest time of a {@link #rate}. */
  public static final Duration LONGEST_RATE = Duration.ofHours(1);

  /** The longest {@link #grace}. */
  public static final Duration LONGEST_GRACE = Duration.ofMinutes(5);

  /** What holds unless it is configured otherwise. */
  public static final Rules DEFAULT =
      new Rules(
          0,
          Duration.ZERO,
          Duration.ofMinutes(5),
          false,
          SlowMode.CLOSE,
          false,
          Duration.ofSeconds(5),
          WhoMay.DEFAULT,
          Limits.MOST_MESSAGE_BYTES,
          Rate.NONE);

  /** Makes it, and refuses what cannot work. */
  public Rules {
    require(
        logSize >= 0 && logSize <= MOST_LOG_SIZE,
        "a log's size must be 0 to " + MOST_LOG_SIZE + ", not " + logSize);
    require(
        logSize == 0 || bounded(logFor),
        "a log must keep messages for 1 second to " + LONGEST.toDays() + " days");
    require(bounded(keyFor), "keys must be kept for 1 second to " + LONGEST.toDays() + " days");
    require(
        slow != SlowMode.RESYNC || logSize > 0,
        "slow=resync gives slow members what they missed from the log, and needs log=COUNT/TIME");
    require(
        !grace.isNegative() && grace.compareTo(LONGEST_GRACE) <= 0,
        "presence must have a grace of 0 seconds to " + LONGEST_GRACE.toMinutes() + " minutes");
    require(
        size >= 1 && size <= Limits.MOST_MESSAGE_BYTES,
        "size must be 1 to " + Limits.MOST_MESSAGE_BYTES + " bytes");
    require(
        !rate.limited() || rate.perMillis() <= LONGEST_RATE.toMillis(),
        "rate must be of 1 second to " + LONGEST_RATE.toHours() + " hour");
  }

  /** Whether the room keeps a log. */
  public boolean log() {
    return logSize > 0;
  }

  private static boolean bounded(Duration duration) {
    return duration.compareTo(Duration.ofSeconds(1)) >= 0 && duration.compareTo(LONGEST) <= 0;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
