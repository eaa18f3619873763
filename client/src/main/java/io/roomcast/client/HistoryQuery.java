package io.roomcast.client;

import io.roomcast.protocol.Position;
import io.roomcast.protocol.WireLimits;

/**
 * Which part of a room's log.
 *
 * @param since the first ones after this position, when it is known
 * @param before the last ones before this offset; 0 for the newest
 * @param limit at most so many, 1 to 1,000
 */
public record HistoryQuery(Position since, long before, int limit) {
  /** Refuses what is out of its bounds. */
  public HistoryQuery {
    if (limit < 1 || limit > WireLimits.PAGE) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + WireLimits.PAGE + ", not " + limit);
    }
    if (before < 0) {
      throw new IllegalArgumentException("before must be an offset, from 1, not " + before);
    }
  }

  /** The newest. */
  public static HistoryQuery newest(int limit) {
    return new HistoryQuery(Position.NONE, 0, limit);
  }

  /** The last ones before an offset: the page before one that begins there. */
  public static HistoryQuery before(long offset, int limit) {
    return new HistoryQuery(Position.NONE, offset, limit);
  }

  /** The first ones after a position. */
  public static HistoryQuery since(Position position, int limit) {
    return new HistoryQuery(position, 0, limit);
  }
}
