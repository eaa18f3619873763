package io.roomcast.room;

import io.roomcast.protocol.RoomName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a token allows in rooms that it names: each by its name, or by what names begin with and a
 * {@code *}. Where several match, all of them count. Immutable.
 */
public final class Grants {
  /** Names no room. */
  public static final Grants NONE = new Grants(Map.of());

  private final Map<String, Integer> exact = new HashMap<>();
  private final String[] prefixes;
  private final int[] prefixActions;
  private final Map<String, Set<Action>> named;

  /**
   * Makes them.
   *
   * @param rooms names or patterns, each with what is allowed
   * @throws IllegalArgumentException when a pattern is none; the message shows no part of it
   */
  public Grants(Map<String, Set<Action>> rooms) {
    named = Map.copyOf(rooms);
    Map<String, Integer> open = new HashMap<>();
    rooms.forEach(
        (pattern, actions) -> {
          boolean begins = pattern.endsWith("*");
          String name = begins ? pattern.substring(0, pattern.length() - 1) : pattern;
          boolean any = begins && name.isEmpty();
          if (name.contains("*") || (!any && !RoomName.flaw(name).isEmpty())) {
            throw new IllegalArgumentException(
                "a room must be a name, or the beginning of names and a *");
          }
          (begins ? open : exact).put(name, bits(actions));
        });
    prefixes = open.keySet().toArray(new String[0]);
    prefixActions = new int[prefixes.length];
    for (int i = 0; i < prefixes.length; i++) {
      prefixActions[i] = open.getOrDefault(prefixes[i], 0);
    }
  }

  private static int bits(Set<Action> actions) {
    int bits = 0;
    for (Action action : actions) {
      bits |= action.bit();
    }
    return bits;
  }

  /** Names or patterns, each with what is allowed. */
  public Map<String, Set<Action>> rooms() {
    return named;
  }

  /** Whether this is allowed in that room. Allocates nothing. */
  public boolean allow(Action action, String room) {
    return (actions(room) & action.bit()) != 0;
  }

  /** All that is allowed in a room, as a sum of {@link Action#bit}. */
  int actions(String room) {
    Integer here = exact.get(room);
    int all = here == null ? 0 : here;
    for (int i = 0; i < prefixes.length; i++) {
      if (room.startsWith(prefixes[i])) {
        all |= prefixActions[i];
      }
    }
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Grants grants && named.equals(grants.named);
  }

  @Override
  public int hashCode() {
    return named.hashCode();
  }

  @Override
  public String toString() {
    return named.toString();
  }
}
