package io.roomcast.room;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often limits stood in the way. Those of more than one session are said in the log too, at
 * most once in ten seconds and without a name. Thread-safe.
 */
public final class Denials {
  private static final Logger LOG = LoggerFactory.getLogger(Denials.class);
  private static final long LOG_MILLIS = 10_000;

  private final Map<Payer, Map<Cost, LongAdder>> counts = new EnumMap<>(Payer.class);
  private final AtomicLong nextLog = new AtomicLong();
  private final Time time;

  Denials(Time time) {
    this.time = time;
    for (Payer payer : Payer.values()) {
      Map<Cost, LongAdder> of = new EnumMap<>(Cost.class);
      for (Cost cost : Cost.values()) {
        of.put(cost, new LongAdder());
      }
      counts.put(payer, of);
    }
  }

  private LongAdder adder(Payer payer, Cost cost) {
    return Objects.requireNonNull(Objects.requireNonNull(counts.get(payer)).get(cost));
  }

  /** Something was refused. */
  void count(Payer payer, Cost cost) {
    adder(payer, cost).increment();
    if (payer == Payer.SESSION || payer == Payer.SENDER) {
      return;
    }
    long now = time.millis();
    long due = nextLog.get();
    if (now >= due && nextLog.compareAndSet(due, now + LOG_MILLIS)) {
      LOG.warn(
          LogEvent.LIMIT_REACHED.marker(),
          "a limit stands in the way: {} of {}; see roomcast_limited_total",
          cost.label(),
          payer.text());
    }
  }

  /** How often a limit stood in the way, so far. */
  public long of(Payer payer, Cost cost) {
    return adder(payer, cost).sum();
  }
}
