package io.roomcast.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** A count for each constant of an enum. Thread-safe. */
final class Counts<E extends Enum<E>> {
  private final Map<E, LongAdder> adders;

  /** All at 0. */
  Counts(Class<E> type) {
    adders = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      adders.put(constant, new LongAdder());
    }
  }

  void add(E constant, long count) {
    LongAdder adder = adders.get(constant);
    if (adder != null) {
      adder.add(count);
    }
  }

  /** Gives each count with its label. */
  void forEach(Function<E, String> label, LabelledCount to) {
    adders.forEach((constant, adder) -> to.count(adder.doubleValue(), label.apply(constant)));
  }

  /** Takes a count with its label. */
  @FunctionalInterface
  interface LabelledCount {
    void count(double count, String label);
  }
}
