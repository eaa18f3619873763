package io.roomcast.client;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What listeners and subscribers are still to be given: one call at a time, in order, on the
 * executor. Counts what is ahead of them, and tells when that is too much, and when no longer.
 * Thread-safe, without a lock.
 */
final class Deliveries {
  /** Characters of events that may be ahead, for each that may be. */
  private static final long CHARS_EACH = 4096;

  private final Executor executor;
  private final Loop loop;
  private final int most;
  private final Consumer<Boolean> pressure;
  private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger work = new AtomicInteger();
  private final AtomicInteger ahead = new AtomicInteger();
  private final AtomicLong chars = new AtomicLong();

  /** Written on the loop. */
  private volatile boolean full;

  /**
   * Makes it.
   *
   * @param most events that may be ahead
   * @param pressure told on the loop whether it is too much
   */
  Deliveries(Executor executor, Loop loop, int most, Consumer<Boolean> pressure) {
    this.executor = executor;
    this.loop = loop;
    this.most = most;
    this.pressure = pressure;
  }

  /** Runs it after all that was given before. */
  void add(Runnable delivery) {
    queue.add(delivery);
    if (work.getAndIncrement() == 0) {
      try {
        executor.execute(this::drain);
      } catch (RejectedExecutionException e) {
        // The application has shut its executor down: nobody is there to be told.
      }
    }
  }

  private void drain() {
    do {
      Runnable next = queue.poll();
      if (next != null) {
        guarded(next);
      }
    } while (work.decrementAndGet() > 0);
  }

  /** A listener that throws must not keep the others from what comes. */
  private static void guarded(Runnable delivery) {
    try {
      delivery.run();
    } catch (RuntimeException | Error e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  /** One more is waiting for somebody. On the loop. */
  void taken(RoomEvent event) {
    chars.addAndGet(event.json().length());
    ahead.incrementAndGet();
    if (!full && above(1)) {
      full = true;
      pressure.accept(true);
      // It may have been given meanwhile by somebody who did not see that it was full.
      relieve();
    }
  }

  /** One has been given to whom it waited for, or never will be. */
  void given(RoomEvent event) {
    chars.addAndGet(-event.json().length());
    ahead.decrementAndGet();
    if (full && !above(2)) {
      loop.execute(this::relieve);
    }
  }

  private void relieve() {
    if (full && !above(2)) {
      full = false;
      pressure.accept(false);
    }
  }

  /** Whether a part of what is allowed, or more, is ahead. */
  private boolean above(int share) {
    return ahead.get() >= most / share || chars.get() >= most * CHARS_EACH / share;
  }
}
