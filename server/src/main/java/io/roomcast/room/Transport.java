package io.roomcast.room;

import io.roomcast.protocol.CloseCode;

/**
 * A session's wire, as the core sees it: bytes out, and close. All methods are called on the
 * session's lane, never block and never throw. After the wire has gone, they do nothing.
 */
public interface Transport {

  /** How this wire frames events. */
  Encoding encoding();

  /**
   * Takes what goes to a whole room. The frame is shared: a transport that keeps it beyond this
   * call takes a claim of its own.
   *
   * @return whether it is sent at the next {@link #flush} only; otherwise none is needed for it
   */
  boolean write(Outgoing outgoing);

  /** Takes one JSON object for this client alone. Sent at the next {@link #flush}. */
  void write(byte[] json);

  /** Sends what was written. */
  void flush();

  /**
   * Whether more output would not wait for long, as far as is known. A wire that has said no says
   * when that changes, by {@link Session#drained}. One that keeps no output back says always yes.
   */
  default boolean writable() {
    return true;
  }

  /**
   * Ends the connection after what was written before.
   *
   * @param reconnectAfterMillis how long the client is asked to wait before it comes back
   */
  void close(CloseCode code, String text, long reconnectAfterMillis);
}
