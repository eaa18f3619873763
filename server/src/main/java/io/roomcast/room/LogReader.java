package io.roomcast.room;

import org.jspecify.annotations.Nullable;

/** The reading side of rooms' logs: what the {@link Broker} keeps. */
@FunctionalInterface
public interface LogReader {
  /**
   * Reads a room's log. What was published before the call is in it, as far as it is retained. From
   * any thread; returns at once.
   *
   * <p>{@code callback} is called exactly once, on any thread. A room without a log has an empty
   * part and no position; so has one whose log has not begun, unless it is asked for members.
   */
  void read(String room, LogQuery query, LogCallback callback);

  /** Hears what a room's log has. */
  @FunctionalInterface
  interface LogCallback {
    /**
     * Called once, on any thread. Must not block.
     *
     * @param part null when the broker could not be reached or did not answer
     */
    void done(@Nullable LogPart part);
  }
}
