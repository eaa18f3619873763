package io.roomcast.client;

import java.time.Duration;

/** Where a client stands towards its server. */
public enum ClientState {
  /** The first or a later attempt is under way. */
  CONNECTING,
  /** The server knows who this is; what was kept has been sent, rooms are being joined. */
  CONNECTED,
  /** The connection was lost, or an attempt failed; the next one comes by itself. */
  WAITING,
  /** It is over: closed here, or by the server for good. A new client is needed. */
  CLOSED;

  /**
   * A change of the state.
   *
   * @param state what it is now
   * @param reason why, in words for a person; empty for CONNECTING and CONNECTED
   * @param code the close or error code that led to it, 0 for none
   * @param retryAfter until the next attempt, only with WAITING; zero otherwise
   */
  public record Change(ClientState state, String reason, int code, Duration retryAfter) {}
}
