package io.roomcast.testing;

import io.roomcast.room.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved. */
public final class ManualTime implements Time {
  private static final long WALL_START = 1_700_000_000_000L;

  private final AtomicLong millis = new AtomicLong();
  private final AtomicLong jumped = new AtomicLong();

  @Override
  public long wallMillis() {
    return WALL_START + millis.get() + jumped.get();
  }

  @Override
  public long millis() {
    return millis.get();
  }

  /** The wall clock is set to another time, as an operator or NTP does; no time passes. */
  public void jump(Duration by) {
    jumped.addAndGet(by.toMillis());
  }

  /** Moves it on. */
  public void advance(Duration by) {
    millis.addAndGet(by.toMillis());
  }
}
