package io.roomcast.redis;

import io.roomcast.room.LogEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that decides: one of its own, or the one that the connections live on. What comes
 * after {@link #close} is left out.
 */
final class Owner implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Owner.class);
  private static final long CLOSE_MILLIS = 200;

  private final ScheduledExecutorService thread;
  private final boolean lent;
  private final List<Future<?>> repeated = new ArrayList<>();
  private volatile boolean closed;

  /** Has a thread of its own. */
  Owner() {
    ScheduledThreadPoolExecutor own =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("roomcast-redis").unstarted(task));
    own.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread = own;
    lent = false;
  }

  /** Is one more user of a thread, which somebody else ends. */
  Owner(ScheduledExecutorService thread) {
    this.thread = thread;
    lent = true;
  }

  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      LOG.trace("closed");
    }
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

  /** Runs it again and again, with a pause between. For whoever also closes. */
  void every(long millis, Runnable task) {
    repeated.add(
        thread.scheduleWithFixedDelay(() -> run(task), millis, millis, TimeUnit.MILLISECONDS));
  }

  private void run(Runnable task) {
    if (closed) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error(LogEvent.FAULT.marker(), "unexpected in the Redis broker", e);
    }
  }

  /** Ends, and waits a moment for what is running. */
  void close() {
    closed = true;
    repeated.forEach(one -> one.cancel(false));
    try {
      if (lent) {
        thread.submit(() -> {}).get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
      } else {
        thread.shutdown();
        if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new TimeoutException();
        }
      }
    } catch (TimeoutException e) {
      LOG.debug("the Redis broker's thread is still busy");
    } catch (ExecutionException | RejectedExecutionException e) {
      LOG.trace("ended already");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
