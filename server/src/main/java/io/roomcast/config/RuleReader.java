package io.roomcast.config;

import io.roomcast.room.Action;
import io.roomcast.room.Audience;
import io.roomcast.room.Limits;
import io.roomcast.room.Rate;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Rules;
import io.roomcast.room.SlowMode;
import io.roomcast.room.WhoMay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads rules as people write them: a room's name, or what names begin with and a {@code *}, and
 * then what is allowed, in any order:
 *
 * <pre>
 *   news:*    log=100/5m                 keep the last 100 messages, for 5 minutes each
 *   bingo     local                      serve this node's members while the broker is away
 *   orders:*  log=100/5m keys=1h         a publish key is remembered for an hour
 *   price:*   slow=latest                a slow reader gets the newest message alone
 *   team:*    presence                   tell who is here
 *   team:*    presence=30s               and count who has gone for 30 seconds more
 *   chat:*    size=2KiB rate=20/10s      short messages, and of each sender 20 in 10 seconds
 *   press:*   join=anyone send=token     everybody may read, and who has a token for it write
 * </pre>
 *
 * Times are whole numbers with {@code s}, {@code m}, {@code h} or {@code d}.
 */
public final class RuleReader {
  private static final String WORDS =
      "log=COUNT/TIME, keys=TIME, slow=MODE, presence, presence=TIME, local, size=BYTES, rate=COUNT/TIME, or join=, send=, members= or history= and one of"
          + " anyone, user, token, server, webhook";

  private RuleReader() {}

  /**
   * Reads a whole book, a rule a line.
   *
   * @throws IllegalArgumentException says which rule is wrong and what was expected
   */
  public static Rulebook book(List<String> lines) {
    List<Rulebook.Entry> entries = new ArrayList<>();
    for (String line : lines) {
      try {
        entries.add(entry(line));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("rule \"" + line + "\": " + e.getMessage(), e);
      }
    }
    return new Rulebook(entries);
  }

  private static Rulebook.Entry entry(String line) {
    String[] words = line.strip().split("\\s+", -1);
    if (words.length < 2) {
      throw new IllegalArgumentException("expected a room's name or pattern, then " + WORDS);
    }
    Draft draft = new Draft();
    for (int i = 1; i < words.length; i++) {
      draft.take(words[i]);
    }
    return new Rulebook.Entry(words[0], draft.rules());
  }

  /** One line's words so far. */
  private static final class Draft {
    private final Set<String> seen = new HashSet<>();
    private int logSize = Rules.DEFAULT.logSize();
    private Duration logFor = Rules.DEFAULT.logFor();
    private Duration keyFor = Rules.DEFAULT.keyFor();
    private boolean local;
    private SlowMode slow = Rules.DEFAULT.slow();
    private boolean presence;
    private Duration grace = Rules.DEFAULT.grace();
    private WhoMay whoMay = Rules.DEFAULT.whoMay();
    private int size = Rules.DEFAULT.size();
    private Rate rate = Rules.DEFAULT.rate();

    void take(String word) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      if (!seen.add(name)) {
        throw new IllegalArgumentException(name + " is given twice");
      }
      switch (name) {
        case "log" -> log(value);
        case "keys" -> keyFor = time(name, value);
        case "slow" -> slow = mode(value);
        case "size" -> size = size(value);
        case "rate" -> rate = rate(value);
        case "local" -> local = flag(name, equals < 0);
        case "presence" -> {
          presence = true;
          grace = equals < 0 ? grace : time(name, value);
        }
        case "join", "send", "members", "history" -> who(name, value);
        default ->
            throw new IllegalArgumentException("unknown word " + name + "; expected " + WORDS);
      }
    }

    private void log(String value) {
      String[] parts = value.split("/", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException("log must be COUNT/TIME, such as log=100/5m");
      }
      logSize = number("log", parts[0]);
      logFor = time("log", parts[1]);
    }

    private static int size(String value) {
      long bytes = Quantity.bytes(value);
      if (bytes < 1 || bytes > Limits.MOST_MESSAGE_BYTES) {
        throw new IllegalArgumentException(
            "size must be 1 to "
                + Limits.MOST_MESSAGE_BYTES
                + " bytes, such as size=2048 or size=2KiB, not \""
                + value
                + "\"");
      }
      return (int) bytes;
    }

    private static Rate rate(String value) {
      String[] parts = value.split("/", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException("rate must be COUNT/TIME, such as rate=20/10s");
      }
      int count = number("rate", parts[0]);
      Duration time = time("rate", parts[1]);
      if (count < 1 || count > Rate.MOST || !time.isPositive()) {
        throw new IllegalArgumentException(
            "rate must be of 1 to " + Rate.MOST + " messages, in 1 second or more");
      }
      return new Rate(count, time.toMillis(), count);
    }

    private static SlowMode mode(String value) {
      for (SlowMode mode : SlowMode.values()) {
        if (mode.label().equals(value)) {
          return mode;
        }
      }
      throw new IllegalArgumentException(
          "slow must be close, latest or resync, not \"" + value + "\"");
    }

    private void who(String name, String value) {
      Audience audience =
          Audience.of(value)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          name
                              + " must be anyone, user, token, server or webhook, not \""
                              + value
                              + "\""));
      whoMay = whoMay.with(Action.of(name).orElseThrow(), audience);
    }

    private static boolean flag(String name, boolean bare) {
      if (!bare) {
        throw new IllegalArgumentException(name + " takes no value");
      }
      return true;
    }

    private static int number(String name, String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(name + " needs a whole number, not " + text, e);
      }
    }

    private static Duration time(String name, String text) {
      if (!text.matches("[0-9]{1,9}[smhd]")) {
        throw new IllegalArgumentException(
            name + " needs a time such as 90s, 5m, 1h or 1d, not \"" + text + "\"");
      }
      long count = Long.parseLong(text.substring(0, text.length() - 1));
      return switch (text.charAt(text.length() - 1)) {
        case 's' -> Duration.ofSeconds(count);
        case 'm' -> Duration.ofMinutes(count);
        case 'h' -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    }

    Rules rules() {
      return new Rules(logSize, logFor, keyFor, local, slow, presence, grace, whoMay, size, rate);
    }
  }
}
