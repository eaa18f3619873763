package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which rules hold on this node: those of its configuration, or in their place those that the
 * server API has given to all nodes, until it takes them back.
 *
 * <p>Thread-safe.
 */
public final class Ruling {
  private static final HexFormat HEX = HexFormat.of();

  private final Node node;
  private final Text text;
  private Rulebook configured;
  private RuleChange change = RuleChange.NONE;
  private Held held;

  /** How people write rules. */
  public interface Text {
    /**
     * Reads a whole book, for this node.
     *
     * @throws IllegalArgumentException says which rule is wrong, or cannot be fulfilled here, and
     *     what was expected
     */
    Rulebook read(List<String> lines);

    /** Writes one, a rule a line, so that it can be read again. */
    List<String> write(Rulebook book);
  }

  /**
   * What holds.
   *
   * @param given whether the server API has given it, and not the configuration
   * @param version of the last change by the server API; 0 before the first
   * @param lines a rule each
   */
  public record Held(boolean given, long version, List<String> lines) {
    /** Makes it. */
    public Held {
      lines = List.copyOf(lines);
    }

    /** The same for the same rules, in whatever order they were given. */
    public String digest() {
      try {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        lines.stream().sorted().forEach(line -> sha.update((line + "\n").getBytes(UTF_8)));
        return HEX.formatHex(sha.digest(), 0, 16);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }

  /**
   * For a node that has been made with these rules.
   *
   * @param configured is copied: the node's own book changes
   */
  public Ruling(Node node, Rulebook configured, Text text) {
    this.node = node;
    this.text = text;
    this.configured = new Rulebook(configured.entries());
    this.held = new Held(false, 0, text.write(configured));
  }

  /** What holds now. */
  public synchronized Held held() {
    return held;
  }

  /**
   * Looks at rules that are to be given, and changes nothing.
   *
   * @throws IllegalArgumentException as {@link Text#read}
   */
  public void check(List<String> lines) {
    RuleChange.checked(lines);
    text.read(lines);
  }

  /** A change that comes after all that this node has heard of: other rules for all nodes. */
  public RuleChange give(List<String> lines) {
    return next(true, lines);
  }

  /** The same: from now on each node's configuration holds. */
  public RuleChange takeBack() {
    return next(false, List.of());
  }

  private synchronized RuleChange next(boolean given, List<String> lines) {
    long version = Math.max(node.time().wallMillis(), change.version() + 1);
    String by = HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
    return new RuleChange(version, by, given, lines);
  }

  /**
   * Has the configuration say other rules from now on.
   *
   * @return whether they hold; if not, those of the server API do
   */
  public synchronized boolean configure(Rulebook rules) {
    configured = new Rulebook(rules.entries());
    if (change.given()) {
      return false;
    }
    hold(configured);
    return true;
  }

  /**
   * Has a change hold, unless a later one does.
   *
   * @throws IllegalArgumentException as {@link Text#read}; what held before then still holds
   */
  public synchronized void take(RuleChange next) {
    if (next.compareTo(change) > 0) {
      Rulebook rules = next.given() ? text.read(next.lines()) : configured;
      change = next;
      hold(rules);
    }
  }

  private void hold(Rulebook rules) {
    held = new Held(change.given(), change.version(), text.write(rules));
    node.rules(rules);
  }
}
