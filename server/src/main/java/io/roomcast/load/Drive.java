package io.roomcast.load;

import java.util.concurrent.CompletableFuture;

/** A load that runs until it is told to stop. All calls are on the loop's thread. */
interface Drive {
  /** Connects; the future is done when the load can start. */
  CompletableFuture<Void> prepare();

  void start();

  /** Begins nothing more. */
  void stop();

  /** Whether all that was begun has ended. */
  boolean drained();

  /** Enters what has not ended as faults, some time after {@link #stop}. */
  void settle();
}
