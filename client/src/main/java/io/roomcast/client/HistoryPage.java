package io.roomcast.client;

import io.roomcast.protocol.Position;
import java.util.List;

/**
 * A part of a room's log.
 *
 * @param messages in order
 * @param newest the position of the newest message of the log
 * @param more whether there are more in the direction asked for
 * @param complete false when {@link HistoryQuery#since} lies before what the log still has, or in
 *     another log
 */
public record HistoryPage(List<Message> messages, Position newest, boolean more, boolean complete) {
  /** Copies the list. */
  public HistoryPage {
    messages = List.copyOf(messages);
  }
}
