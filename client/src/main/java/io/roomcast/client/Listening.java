package io.roomcast.client;

/** A listener that has been added. */
@FunctionalInterface
public interface Listening extends AutoCloseable {
  /** Takes it away: it is not called again, but for a call that is under way. */
  @Override
  void close();
}
