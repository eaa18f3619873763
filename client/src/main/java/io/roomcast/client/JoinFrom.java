package io.roomcast.client;

import io.roomcast.protocol.Position;
import io.roomcast.protocol.WireLimits;

/**
 * Where a membership begins.
 *
 * @param since after this position, when it is known
 * @param last with so many of the newest messages, 0 to 1,000
 */
public record JoinFrom(Position since, int last) {
  /** With what is sent from now on. */
  public static final JoinFrom NOW = new JoinFrom(Position.NONE, 0);

  /** Refuses what is out of its bounds. */
  public JoinFrom {
    if (last < 0 || last > WireLimits.PAGE) {
      throw new IllegalArgumentException("last must be 0 to " + WireLimits.PAGE + ", not " + last);
    }
  }

  /** With everything after a position; where that is not to be had, a {@link Gap} says so. */
  public static JoinFrom since(Position position) {
    return new JoinFrom(position, 0);
  }

  /** With so many of the newest messages, 1 to 1,000. */
  public static JoinFrom last(int messages) {
    return new JoinFrom(Position.NONE, messages);
  }
}
