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
