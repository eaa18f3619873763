package io.roomcast.testing;

import io.roomcast.protocol.ErrorCode;
import io.roomcast.room.DropReason;
import io.roomcast.room.Telemetry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts under plain names: {@code opened}, {@code closed}, {@code dropped LANE_FULL} and so on.
 */
public final class CountingTelemetry implements Telemetry {
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  private void add(String name, long count) {
    counts.computeIfAbsent(name, n -> new LongAdder()).add(count);
  }

  /** How often so far. */
  public long count(String name) {
    LongAdder found = counts.get(name);
    return found == null ? 0 : found.sum();
  }

  @Override
  public void opened() {
    add("opened", 1);
  }

  @Override
  public void closed(int code) {
    add("closed", 1);
    add("closed " + code, 1);
  }

  @Override
  public void received() {
    add("received", 1);
  }

  @Override
  public void delivered(long count) {
    add("delivered", count);
  }

  @Override
  public void dropped(DropReason reason, long count) {
    add("dropped " + reason, count);
  }

  @Override
  public void refused(ErrorCode code) {
    add("refused", 1);
    add("refused " + code, 1);
  }
}
