package io.roomcast.client;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A daemon thread, which ends some seconds after the last task and timer, and begins anew. */
final class ThreadLoop implements Loop {
  private static final long IDLE_SECONDS = 5;

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "roomcast-client");
            thread.setDaemon(true);
            return thread;
          });

  ThreadLoop() {
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(guarded(task));
  }

  @Override
  public Timer after(long millis, Runnable task) {
    Future<?> future = executor.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
    return () -> future.cancel(false);
  }

  /** A fault of ours is shown where uncaught exceptions are, and does not go into a future. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    };
  }

  @Override
  public long millis() {
    return System.nanoTime() / 1_000_000;
  }
}
