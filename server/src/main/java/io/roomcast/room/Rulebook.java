package io.roomcast.room;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which rules hold for which room: an exact name before a pattern, the longest pattern before
 * shorter ones, and what matches nothing has {@link Rules#DEFAULT}.
 *
 * <p>Thread-safe. All that ask for rules share one book, which may get another content while the
 * server runs; to look allocates nothing and takes no lock.
 */
public final class Rulebook {
  /** Every room has the default rules, for ever. */
  public static final Rulebook EMPTY = new Rulebook(List.of(), true);

  private final boolean fixed;
  private volatile Content content;

  /**
   * One line of the book.
   *
   * @param pattern a room's name, or what names begin with and a {@code *}
   */
  public record Entry(String pattern, Rules rules) {
    /** Whether it can be fulfilled only where there are keys to check tokens with. */
    public boolean needsTokens() {
      return rules.whoMay().needsTokens();
    }

    /** Whether a program of the operator's is to be asked. */
    public boolean needsWebhook() {
      return rules.whoMay().asks();
    }

    private boolean open() {
      return pattern.endsWith("*");
    }

    private String name() {
      return open() ? pattern.substring(0, pattern.length() - 1) : pattern;
    }

    private boolean matches(String room) {
      return open() ? room.startsWith(name()) : room.equals(pattern);
    }
  }

  /** What stands in it at some time. Immutable. */
  private static final class Content {
    final List<Entry> entries;
    final Map<String, Rules> exact = new HashMap<>();

    /** By what names begin with, the longest first. */
    final String[] begins;

    final Rules[] rulesOfBegins;

    /** Whether somebody without a token may do anything anywhere. */
    final boolean anonymous;

    Content(List<Entry> entries) {
      this.entries = List.copyOf(entries);
      TreeMap<String, Rules> open =
          new TreeMap<>(
              Comparator.comparingInt(String::length)
                  .reversed()
                  .thenComparing(Comparator.naturalOrder()));
      for (Entry entry : entries) {
        if (entry.pattern().isEmpty() || entry.name().contains("*")) {
          throw new IllegalArgumentException(
              "a room's pattern is a name, or the beginning of names and a *, not \""
                  + entry.pattern()
                  + "\"");
        }
        Map<String, Rules> to = entry.open() ? open : exact;
        if (to.put(entry.name(), entry.rules()) != null) {
          throw new IllegalArgumentException("two rules for \"" + entry.pattern() + "\"");
        }
      }
      begins = open.keySet().toArray(new String[0]);
      rulesOfBegins = open.values().toArray(new Rules[0]);
      anonymous = entries.stream().anyMatch(entry -> entry.rules().whoMay().anonymous());
    }
  }

  /**
   * Makes a book.
   *
   * @throws IllegalArgumentException when a pattern stands twice or is none; the message says which
   */
  public Rulebook(List<Entry> entries) {
    this(entries, false);
  }

  private Rulebook(List<Entry> entries, boolean fixed) {
    this.fixed = fixed;
    content = new Content(entries);
  }

  /** Takes over what stands in another one, at once and for all who share this. */
  void become(Rulebook other) {
    if (fixed) {
      throw new IllegalStateException("the empty book stays empty");
    }
    content = other.content;
  }

  /** Its lines, in the order given. */
  public List<Entry> entries() {
    return content.entries;
  }

  /** Whether there are rooms with presence. */
  public boolean presence() {
    return content.entries.stream().anyMatch(entry -> entry.rules().presence());
  }

  /** Whether somebody without a token may do anything, even where the server asks for one. */
  boolean anonymous() {
    return content.anonymous;
  }

  /** The rules of a room. Allocates nothing. */
  public Rules of(String room) {
    Content now = content;
    Rules rules = now.exact.get(room);
    if (rules != null) {
      return rules;
    }
    for (int i = 0; i < now.begins.length; i++) {
      if (room.startsWith(now.begins[i])) {
        return now.rulesOfBegins[i];
      }
    }
    return Rules.DEFAULT;
  }

  /** All lines that speak of a room, the one that holds first. For people. */
  public List<Entry> matching(String room) {
    List<Entry> matching = new ArrayList<>(content.entries);
    matching.removeIf(entry -> !entry.matches(room));
    matching.sort(
        Comparator.comparing(Entry::open)
            .thenComparing(entry -> entry.pattern().length(), Comparator.reverseOrder()));
    return matching;
  }

  /** The line that holds for a room; none where the defaults do. For people. */
  public Optional<Entry> holding(String room) {
    return matching(room).stream().findFirst();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rulebook book && book.content.entries.equals(content.entries);
  }

  @Override
  public int hashCode() {
    return content.entries.hashCode();
  }
}
