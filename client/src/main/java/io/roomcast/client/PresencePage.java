package io.roomcast.client;

import java.util.List;
import java.util.Map;

/**
 * Who is in a room.
 *
 * @param users their names, in the order of their bytes in UTF-8
 * @param infos of those whose tokens say that others may know something of them, that, as JSON
 * @param more whether there are more after the last of them
 * @param count how many users there are in all
 */
public record PresencePage(
    List<String> users, Map<String, String> infos, boolean more, long count) {
  /** Copies the list and the map. */
  public PresencePage {
    users = List.copyOf(users);
    infos = Map.copyOf(infos);
  }
}
