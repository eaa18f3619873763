package io.roomcast.webhook;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What became of questions and reports. Thread-safe. */
final class Counts {
  /** How one ended. */
  enum Result {
    /** A question: yes. */
    ALLOWED,
    /** A question: no. */
    DENIED,
    /** A question that had been answered before. */
    CACHED,
    /** A question or a report: no answer in time, or none that could be understood. */
    FAILED,
    /** A question that was not asked, since those before it had failed. */
    SPARED,
    /** A question that was not asked, since too many were under way. */
    BUSY,
    /** An event that was reported. */
    REPORTED,
    /** An event that was not, since too many waited. */
    LOST
  }

  private final Map<Result, LongAdder> adders = new EnumMap<>(Result.class);

  Counts() {
    for (Result result : Result.values()) {
      adders.put(result, new LongAdder());
    }
  }

  void add(Result result) {
    add(result, 1);
  }

  void add(Result result, long count) {
    LongAdder adder = adders.get(result);
    if (adder != null) {
      adder.add(count);
    }
  }

  long get(Result result) {
    LongAdder adder = adders.get(result);
    return adder == null ? 0 : adder.sum();
  }

  /** By the words that metrics have for them. */
  Map<String, LongAdder> byWord() {
    Map<String, LongAdder> words = new TreeMap<>();
    adders.forEach((result, adder) -> words.put(result.name().toLowerCase(Locale.ROOT), adder));
    return words;
  }
}
