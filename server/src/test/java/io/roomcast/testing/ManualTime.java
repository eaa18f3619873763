package io.roomcast.testing;

import io.roomcast.room.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved. */
public final class ManualTime implements Time {
  private static final long WALL_START = 1_700_000_000_000L;

  private final AtomicLong millis = new AtomicLong();

  @Override
  public long wallMillis() {
    return WALL_START + millis.get();
  }

  @Override
  public long millis() {
    return millis.get();
  }

  /** Moves it on. */
  public void advance(Duration by) {
    millis.addAndGet(by.toMillis());
  }
}
