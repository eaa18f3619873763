package io.roomcast.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and sizes as people write them: {@code 90s}, {@code 5m}, {@code 64KiB}. */
final class Quantity {
  private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,12})([A-Za-z]*)");

  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "", 1000L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);

  private Quantity() {}

  /**
   * Reads a time: a whole number and {@code ms}, {@code s}, {@code m}, {@code h} or {@code d};
   * seconds when nothing stands behind it.
   *
   * @return milliseconds, or -1 when it is none
   */
  static long millis(String text) {
    return read(text, MILLIS);
  }

  /**
   * Reads a size: a whole number and nothing, {@code B}, {@code KiB}, {@code MiB} or {@code GiB}.
   *
   * @return bytes, or -1 when it is none
   */
  static long bytes(String text) {
    return read(text, BYTES);
  }

  private static long read(String text, Map<String, Long> units) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      return -1;
    }
    Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
    try {
      return unit == null ? -1 : Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  /** Writes a time with the largest unit that leaves no rest. */
  static String text(Duration time) {
    return written(time.toMillis(), List.of("d", "h", "m", "s", "ms"), MILLIS);
  }

  /** Writes a size with the largest unit that leaves no rest. */
  static String text(long bytes) {
    return written(bytes, List.of("GiB", "MiB", "KiB"), BYTES);
  }

  private static String written(long value, List<String> names, Map<String, Long> units) {
    for (String name : names) {
      long unit = units.getOrDefault(name.toLowerCase(Locale.ROOT), 1L);
      if (value != 0 && value % unit == 0) {
        return value / unit + name;
      }
    }
    return value == 0 && names.contains("s") ? "0s" : Long.toString(value);
  }
}
