package io.roomcast.client;

/** The one thread that all state of a client belongs to, and its clock. */
interface Loop {
  /** Runs it on the thread, in the order of the calls; never at once. */
  void execute(Runnable task);

  /** Runs it on the thread after so many ms, unless it is cancelled before. */
  Timer after(long millis, Runnable task);

  /** Monotonic, ms. */
  long millis();

  /** Something that will run. */
  interface Timer {
    /** No timer. */
    Timer NONE = () -> {};

    void cancel();
  }
}
