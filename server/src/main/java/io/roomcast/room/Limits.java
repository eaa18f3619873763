package io.roomcast.room;

import java.time.Duration;

/**
 * What one client may cost. A rate of 0 means without limit.
 *
 * @param messageBytes largest WebSocket message or HTTP body, and largest JSON event
 * @param rooms rooms a session may be in
 * @param commandsPerSecond commands a session may send a second, on average
 * @param commandBurst commands it may send at once after a pause
 * @param errors errors of its own making a session is forgiven; one is given back each second
 * @param unreadBytes output that may wait for one client
 * @param unreadFor how long a client may have a backlog before it is closed as too slow
 * @param joinWait how long a join waits for the broker before it fails
 */
public record Limits(
    int messageBytes,
    int rooms,
    int commandsPerSecond,
    int commandBurst,
    int errors,
    int unreadBytes,
    Duration unreadFor,
    Duration joinWait) {

  /** The largest {@link #messageBytes}; each lane keeps a buffer of that size. */
  public static final int MOST_MESSAGE_BYTES = 16 * 1024 * 1024;

  /** Makes it, and refuses what cannot work. */
  public Limits {
    require(
        messageBytes >= 1 && messageBytes <= MOST_MESSAGE_BYTES,
        "message bytes must be 1 to " + MOST_MESSAGE_BYTES);
    require(rooms >= 1, "rooms must be at least 1");
    require(commandsPerSecond >= 0, "commands per second must be 0 or more");
    require(commandsPerSecond == 0 || commandBurst >= 1, "command burst must be at least 1");
    require(errors >= 1, "errors must be at least 1");
    require(unreadBytes >= messageBytes, "unread bytes must be at least message bytes");
    require(
        unreadFor.toSeconds() >= 1 && unreadFor.toSeconds() <= Wheel.MAX_SECONDS,
        "unread for must be 1 to " + Wheel.MAX_SECONDS + " seconds");
    require(joinWait.isPositive(), "join wait must be more than 0");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Bytes of earlier messages that a client may be given at once: half of what may wait for it. */
  int pageBytes() {
    return unreadBytes / 2;
  }

  /** What holds unless it is configured otherwise. */
  public static final Limits DEFAULT =
      new Limits(
          64 * 1024,
          128,
          100,
          200,
          100,
          1024 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5));

  /** The same with another rate of commands, and twice as many at once; 0 for any number. */
  public Limits withCommandsPerSecond(int rate) {
    return new Limits(
        messageBytes,
        rooms,
        rate,
        (int) Math.min(Integer.MAX_VALUE, 2L * rate),
        errors,
        unreadBytes,
        unreadFor,
        joinWait);
  }
}
