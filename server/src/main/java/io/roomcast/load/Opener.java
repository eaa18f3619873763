package io.roomcast.load;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Opens many connections, a bounded number at a time, so that no backlog overflows. */
final class Opener {
  private static final int WINDOW = 128;

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private int underWay;

  /** Adds one: something that begins to connect and leads to one call of {@link #opened}. */
  void add(Runnable connect) {
    waiting.add(connect);
  }

  /** Begins; the future is done when all are open. */
  CompletableFuture<Void> start() {
    fill();
    return done;
  }

  void opened() {
    underWay--;
    fill();
  }

  private void fill() {
    while (underWay < WINDOW && !waiting.isEmpty()) {
      underWay++;
      waiting.remove().run();
    }
    if (underWay == 0) {
      done.complete(null);
    }
  }
}
