package io.roomcast.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What the values of a setting are: how they are called, and what is wrong with one. */
sealed interface Kind {
  /** Stands for a value behind a flag. */
  String placeholder();

  /** Which values there are, for people. */
  String values();

  /** What is wrong with a value, as the end of a sentence; empty when it is good. */
  String flaw(String text);

  /** A value as it may be shown to anybody. */
  default String shown(String text) {
    return text;
  }

  private static String otherwise(boolean good, String expected, String text) {
    return good ? "" : "must be " + expected + ", not \"" + text + "\"";
  }

  /** Any text without control characters. */
  record Text(String placeholder, String values) implements Kind {
    @Override
    public String flaw(String text) {
      return text.chars().noneMatch(Character::isISOControl)
          ? ""
          : "must not have control characters";
    }
  }

  /** Text that is shown to nobody; or, where it is an address, without what it has of a secret. */
  record Secret(String placeholder, String values) implements Kind {
    /** What stands for it. */
    static final String HIDDEN = "(hidden)";

    @Override
    public String flaw(String text) {
      return text.chars().noneMatch(Character::isISOControl)
          ? ""
          : "must not have control characters, nor be more than one line";
    }

    @Override
    public String shown(String text) {
      if (text.isEmpty()) {
        return text;
      }
      int begin = text.indexOf("://");
      return begin < 0 ? HIDDEN : text.substring(0, begin + 3) + address(text.substring(begin + 3));
    }

    private static String address(String text) {
      int at = text.lastIndexOf('@');
      return at < 0 ? text : "***@" + text.substring(at + 1);
    }
  }

  /** A whole number. */
  record Whole(int least, int most) implements Kind {
    @Override
    public String placeholder() {
      return "N";
    }

    @Override
    public String values() {
      return "a whole number from " + least + " to " + most;
    }

    @Override
    public String flaw(String text) {
      long value = text.matches("-?[0-9]{1,10}") ? Long.parseLong(text) : Long.MIN_VALUE;
      return otherwise(value >= least && value <= most, values(), text);
    }
  }

  /** A time. */
  record Time(Duration least, Duration most) implements Kind {
    @Override
    public String placeholder() {
      return "TIME";
    }

    @Override
    public String values() {
      return "a time from " + Quantity.text(least) + " to " + Quantity.text(most);
    }

    @Override
    public String flaw(String text) {
      long millis = Quantity.millis(text);
      boolean good = millis >= least.toMillis() && millis <= most.toMillis();
      return otherwise(good, values() + ", such as 10s", text);
    }
  }

  /** A size. */
  record Size(long least, long most) implements Kind {
    @Override
    public String placeholder() {
      return "SIZE";
    }

    @Override
    public String values() {
      return "a size from " + Quantity.text(least) + " to " + Quantity.text(most);
    }

    @Override
    public String flaw(String text) {
      long bytes = Quantity.bytes(text);
      return otherwise(
          bytes >= least && bytes <= most, values() + ", such as 65536 or 64KiB", text);
    }
  }

  /**
   * What somebody may cost: a word for each limit.
   *
   * @param words those that make sense
   */
  record Allowances(List<String> words) implements Kind {
    @Override
    public String placeholder() {
      return "LIMITS";
    }

    @Override
    public String values() {
      return String.join("=N, ", words) + "=N, those that are wanted";
    }

    @Override
    public String flaw(String text) {
      try {
        AllowanceReader.read(text, words);
        return "";
      } catch (IllegalArgumentException e) {
        return "must be " + values() + ": " + e.getMessage();
      }
    }
  }

  /** One of some words. */
  record Choice(List<String> words) implements Kind {
    @Override
    public String placeholder() {
      return "NAME";
    }

    @Override
    public String values() {
      int last = words.size() - 1;
      return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    @Override
    public String flaw(String text) {
      return otherwise(words.contains(text), values(), text);
    }
  }

  /** Yes or no. */
  record Flag() implements Kind {
    @Override
    public String placeholder() {
      return "true|false";
    }

    @Override
    public String values() {
      return "true or false";
    }

    @Override
    public String flaw(String text) {
      boolean good = List.of("true", "false").contains(text.toLowerCase(Locale.ROOT));
      return otherwise(good, values(), text);
    }
  }

  /**
   * Several texts: a list in the file, a flag for each, or one text in which they stand apart.
   *
   * @param separator what stands between two in one text
   */
  record Several(String placeholder, String separator, String values) implements Kind {
    @Override
    public String flaw(String text) {
      return text.chars().allMatch(c -> c == '\t' || !Character.isISOControl(c))
          ? ""
          : "must not have control characters";
    }
  }
}
