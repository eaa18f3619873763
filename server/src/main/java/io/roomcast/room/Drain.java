package io.roomcast.room;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Closes all clients of a node at an even pace, each with its own hint when to come back, so that
 * the nodes that stay do not get them all at once.
 */
final class Drain {
  private static final long STEP_MILLIS = 100;

  /** Fewer than this a second would only make a small node slow to stop. */
  private static final int LEAST_PER_SECOND = 200;

  /** The hint is at least this, and less than as much more as the drain may take. */
  private static final long LEAST_HINT_MILLIS = 500;

  private final Hub hub;
  private final long millis;

  Drain(Hub hub, Duration within) {
    this.hub = hub;
    this.millis = within.toMillis();
  }

  void run() throws InterruptedException {
    long steps = Math.max(1, millis / STEP_MILLIS);
    long each = Math.max(LEAST_PER_SECOND * STEP_MILLIS / 1000, hub.size().sessions() / steps + 1);
    for (long step = 0; step <= steps && hub.size().sessions() > 0; step++) {
      boolean last = step == steps;
      hub.closeSome(last ? Integer.MAX_VALUE : (int) each, session -> hint());
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
  }

  private long hint() {
    return LEAST_HINT_MILLIS + ThreadLocalRandom.current().nextLong(Math.max(1000, millis));
  }
}
