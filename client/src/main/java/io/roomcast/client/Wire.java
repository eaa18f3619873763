package io.roomcast.client;

import java.net.URI;

/**
 * One WebSocket. Its methods are called on the client's thread alone and do not block; what it
 * tells its {@link Listener} may come on any thread, one call at a time.
 */
interface Wire {
  /** Sends a text frame, after those before it. What cannot be sent ends the wire. */
  void send(String text);

  /** Lets one more frame be read. */
  void request();

  /** Says goodbye and ends. */
  void close();

  /** Ends at once. */
  void abort();

  /** What a wire tells. */
  interface Listener {
    /** It is open; nothing is read before it is asked for. */
    void opened(Wire wire);

    /** A whole text frame. Uses up one request. */
    void text(String text);

    /** Any other frame: a sign of life. Uses up one request. */
    void alive();

    /**
     * It is over, or was never open. The last call.
     *
     * @param code of the close frame; 1006 without one
     * @param reason in words for a person
     */
    void ended(int code, String reason);
  }

  /** Makes wires. */
  interface Dialer {
    void dial(URI uri, Listener listener);
  }
}
