package io.roomcast.webhook;

import io.roomcast.room.Time;

/**
 * Spares a program that does not answer, and those who would wait for it: after {@value #FAILURES}
 * failures in a row nothing is asked for {@value #PAUSE_MILLIS} ms; then one question tries again.
 * Thread-safe.
 *
 * <pre>
 *   closed --failures in a row--> open --after the pause: one question--> trying
 *     ^                            ^------------- failed ------------------'  |
 *     '-------------------------------- answered ----------------------------'
 * </pre>
 */
final class Breaker {
  static final int FAILURES = 5;
  static final long PAUSE_MILLIS = 5000;

  private final Time time;
  private int failures;
  private long openedAt;
  private boolean trying;

  Breaker(Time time) {
    this.time = time;
  }

  /** Whether to ask now. Who is told yes says later how it went. */
  synchronized boolean allows() {
    if (failures < FAILURES) {
      return true;
    }
    if (trying || time.millis() - openedAt < PAUSE_MILLIS) {
      return false;
    }
    trying = true;
    return true;
  }

  synchronized void answered() {
    failures = 0;
    trying = false;
  }

  synchronized void failed() {
    failures = Math.min(FAILURES, failures + 1);
    openedAt = time.millis();
    trying = false;
  }

  /** Whether nothing is asked at present. */
  synchronized boolean open() {
    return failures == FAILURES;
  }
}
