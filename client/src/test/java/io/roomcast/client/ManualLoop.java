package io.roomcast.client;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** A loop, and an executor, that move when the test says so, on a clock of the test's. */
final class ManualLoop implements Loop, Executor {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
  private long now = 1_000_000;
  private long number;

  private record Due(long at, long number, Runnable task) {}

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Timer after(long millis, Runnable task) {
    Due due = new Due(now + millis, ++number, task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public long millis() {
    return now;
  }

  /** Runs what can run now. */
  void run() {
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      next.run();
    }
  }

  /** Moves the clock on, from timer to timer. */
  void advance(long millis) {
    long until = now + millis;
    run();
    while (!timers.isEmpty() && timers.peek().at() <= until) {
      Due due = timers.remove();
      now = due.at();
      due.task().run();
      run();
    }
    now = until;
  }

  /** Moves the clock on until it holds; whether it does within this time. */
  boolean await(long millis, BooleanSupplier condition) {
    long until = now + millis;
    run();
    while (!condition.getAsBoolean()) {
      if (timers.isEmpty() || timers.peek().at() > until) {
        return false;
      }
      advance(timers.peek().at() - now);
    }
    return true;
  }
}
