package io.roomcast.client;

import java.util.List;

/**
 * Who is in a room.
 *
 * @param users their names, in the order of their bytes in UTF-8
 * @param more whether there are more after the last of them
 * @param count how many users there are in all
 */
public record PresencePage(List<String> users, boolean more, long count) {
  /** Copies the list. */
  public PresencePage {
    users = List.copyOf(users);
  }
}
