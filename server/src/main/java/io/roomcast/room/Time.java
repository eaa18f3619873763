package io.roomcast.room;

/** Where the time comes from; a test brings its own. Thread-safe. */
public interface Time {
  /** Milliseconds since the epoch. May jump; only for what people and other machines see. */
  long wallMillis();

  /**
   * Milliseconds since some moment, not negative. Never goes back; for everything that is waited
   * for.
   */
  long millis();

  /** This machine's. */
  Time SYSTEM =
      new Time() {
        // The JVM's own origin is arbitrary, and may lie in the future.
        private final long start = System.nanoTime();

        @Override
        public long wallMillis() {
          return System.currentTimeMillis();
        }

        @Override
        public long millis() {
          return (System.nanoTime() - start) / 1_000_000;
        }
      };
}
