package io.roomcast.testing;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An event loop whose tasks wait until the test runs them. The test's thread is the loop's. */
public final class FakeLoop implements Executor {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final Thread thread = Thread.currentThread();
  private boolean ended;

  @Override
  public synchronized void execute(Runnable task) {
    if (ended) {
      throw new RejectedExecutionException("the loop has ended");
    }
    tasks.add(task);
  }

  /** Whether the caller is the loop's thread. */
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /** Runs the task that waits longest. Answers whether there was one. */
  public boolean runOne() {
    Runnable task;
    synchronized (this) {
      task = tasks.poll();
    }
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Runs tasks until none is left. */
  public void runAll() {
    int turns = 0;
    while (runOne()) {
      if (++turns > 1_000_000) {
        throw new AssertionError("the loop finds no rest");
      }
    }
  }

  /** From now on tasks are refused, as by a loop that was shut down. */
  public synchronized void end() {
    ended = true;
    tasks.clear();
  }
}
