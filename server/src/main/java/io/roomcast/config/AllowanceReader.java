package io.roomcast.config;

import io.roomcast.room.Allowance;
import io.roomcast.room.Cost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what somebody may cost as people write it, in any order: {@code connections=10 rooms=128
 * commands=100 bytes=1MiB joins=50}.
 */
final class AllowanceReader {
  /** Words that make sense for more than one session. */
  static final List<String> ALL = List.of("connections", "rooms", "commands", "bytes", "joins");

  /** Words that make sense for one session. */
  static final List<String> SESSION = List.of("rooms", "commands", "bytes", "joins");

  private AllowanceReader() {}

  /**
   * Reads one.
   *
   * @param words those that may be used
   * @throws IllegalArgumentException says what is wrong
   */
  static Allowance read(String text, List<String> words) {
    Map<String, Integer> numbers = new HashMap<>();
    for (String word : text.strip().split("[\\s,]+", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (!words.contains(name)) {
        throw new IllegalArgumentException("unknown word " + name);
      }
      int number = number(name, equals < 0 ? "" : word.substring(equals + 1));
      if (numbers.put(name, number) != null) {
        throw new IllegalArgumentException(name + " is given twice");
      }
    }
    return new Allowance(
        numbers.getOrDefault("connections", 0),
        numbers.getOrDefault("rooms", 0),
        numbers.getOrDefault("commands", 0),
        numbers.getOrDefault("bytes", 0),
        numbers.getOrDefault("joins", 0));
  }

  private static int number(String name, String value) {
    boolean bytes = name.equals(Cost.BYTES.label());
    long most = bytes ? Allowance.MOST_BYTES : Allowance.MOST;
    long number = bytes || value.matches("[0-9]+") ? Quantity.bytes(value) : -1;
    if (number < 1 || number > most) {
      throw new IllegalArgumentException(
          name + " must be 1 to " + most + "; leave it out for no limit");
    }
    return (int) number;
  }
}
