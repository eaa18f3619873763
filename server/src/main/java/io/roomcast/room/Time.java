package io.roomcast.room;

/** Where the time comes from; a test brings its own. Thread-safe. */
public interface Time {
  /** Milliseconds since the epoch. May jump; only for what people and other machines see. */
  long wallMillis();

  /** Milliseconds since some moment. Never goes back; for everything that is waited for. */
  long millis();

  /** This machine's. */
  Time SYSTEM =
      new Time() {
        @Override
        public long wallMillis() {
          return System.currentTimeMillis();
        }

        @Override
        public long millis() {
          return System.nanoTime() / 1_000_000;
        }
      };
}
