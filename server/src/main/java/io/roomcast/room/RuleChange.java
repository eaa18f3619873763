package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the server API has said of all nodes' rules. Of two changes the greater one holds, in the
 * same order on every node and in Redis. Refuses what is out of its bounds, since it may have come
 * from anywhere.
 *
 * @param version the later change has the higher one: ms since the epoch, or more
 * @param by 16 hexadecimal digits: which holds of two that came at the same time
 * @param given whether the lines hold on all nodes; if not, each node's configuration holds there
 * @param lines the rules as people write them; none where they are not given
 */
public record RuleChange(long version, String by, boolean given, List<String> lines)
    implements Comparable<RuleChange> {
  /** Rules that can be given at once. */
  public static final int MOST_RULES = 1000;

  /** Bytes of UTF-8 that all of them may have. */
  public static final int MOST_BYTES = 256 * 1024;

  /** Whole numbers up to it are exact as a score of Redis. */
  private static final long MOST_VERSION = 1L << 52;

  private static final Pattern BY = Pattern.compile("[0-9a-f]{16}");
  private static final Comparator<RuleChange> ORDER =
      Comparator.comparingLong(RuleChange::version).thenComparing(RuleChange::by);

  /** Nothing has been said. */
  public static final RuleChange NONE = new RuleChange(0, "0".repeat(16), false, List.of());

  /** Makes it. */
  public RuleChange {
    lines = checked(lines);
    require(version >= 0 && version <= MOST_VERSION, "a version of 0 to 2^52");
    require(BY.matcher(by).matches(), "16 hexadecimal digits");
    require(given || lines.isEmpty(), "no rules where the configured ones hold");
  }

  /**
   * Looks at the size of rules, and not at what they say.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static List<String> checked(List<String> lines) {
    require(lines.size() <= MOST_RULES, "at most " + MOST_RULES + " rules");
    require(
        lines.stream().mapToLong(line -> line.getBytes(UTF_8).length).sum() <= MOST_BYTES,
        "rules of at most " + MOST_BYTES + " bytes together");
    for (String line : lines) {
      require(
          line.chars().noneMatch(Character::isISOControl),
          "rules without line breaks and other control characters");
    }
    return List.copyOf(lines);
  }

  @Override
  public int compareTo(RuleChange other) {
    return ORDER.compare(this, other);
  }

  private static void require(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected);
    }
  }
}
