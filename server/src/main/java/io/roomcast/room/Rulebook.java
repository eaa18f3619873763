package io.roomcast.room;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which rules hold for which room: an exact name before a pattern, the longest pattern before
 * shorter ones, and what matches nothing has {@link Rules#DEFAULT}. Immutable.
 */
public final class Rulebook {
  /** Every room has the default rules. */
  public static final Rulebook EMPTY = new Rulebook(List.of());

  private final List<Entry> entries;
  private final Map<String, Rules> exact = new HashMap<>();

  /** By what names begin with, the longest first. */
  private final TreeMap<String, Rules> prefixes =
      new TreeMap<>(
          java.util.Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(java.util.Comparator.naturalOrder()));

  /**
   * One line of the book.
   *
   * @param pattern a room's name, or what names begin with and a {@code *}
   */
  public record Entry(String pattern, Rules rules) {}

  /**
   * Makes a book.
   *
   * @throws IllegalArgumentException when a pattern stands twice or is none; the message says which
   */
  public Rulebook(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    for (Entry entry : entries) {
      String pattern = entry.pattern();
      boolean open = pattern.endsWith("*");
      String name = open ? pattern.substring(0, pattern.length() - 1) : pattern;
      if (pattern.isEmpty() || name.contains("*")) {
        throw new IllegalArgumentException(
            "a room's pattern is a name, or the beginning of names and a *, not \""
                + pattern
                + "\"");
      }
      @Nullable Rules before =
          open ? prefixes.put(name, entry.rules()) : exact.put(name, entry.rules());
      if (before != null) {
        throw new IllegalArgumentException("two rules for \"" + pattern + "\"");
      }
    }
  }

  /** The rules of a room. */
  public Rules of(String room) {
    Rules rules = exact.get(room);
    if (rules != null) {
      return rules;
    }
    for (Map.Entry<String, Rules> entry : prefixes.entrySet()) {
      if (room.startsWith(entry.getKey())) {
        return entry.getValue();
      }
    }
    return Rules.DEFAULT;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rulebook book && book.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
