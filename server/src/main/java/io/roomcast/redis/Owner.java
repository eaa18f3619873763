package io.roomcast.redis;

import io.roomcast.room.LogEvent;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that decides. What comes after {@link #close} is left out. */
final class Owner implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Owner.class);
  private static final long CLOSE_MILLIS = 200;

  private final ScheduledThreadPoolExecutor thread;

  Owner() {
    thread =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("roomcast-redis").unstarted(task));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    later(task, 0);
  }

  /** Runs it after some milliseconds. */
  @SuppressWarnings("FutureReturnValueIgnored") // A task reports its own failure.
  void later(Runnable task, long millis) {
    try {
      thread.schedule(() -> run(task), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.trace("closed");
    }
  }

  /** Runs it again and again, with a pause between. */
  @SuppressWarnings("FutureReturnValueIgnored") // A task reports its own failure.
  void every(long millis, Runnable task) {
    thread.scheduleWithFixedDelay(() -> run(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error(LogEvent.FAULT.marker(), "unexpected in the Redis broker", e);
    }
  }

  /** Ends, and waits a moment for what is running. */
  void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.debug("the Redis broker's thread is still busy");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
