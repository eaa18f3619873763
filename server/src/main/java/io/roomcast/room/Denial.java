package io.roomcast.room;

import io.roomcast.protocol.ErrorCode;

/**
 * Why something was not done, where a limit stood in the way. Immutable.
 *
 * @param payer whose limit it is
 * @param text for the client
 * @param afterMillis when it is worth another try; 0 when that is not a matter of time
 */
public record Denial(ErrorCode code, Payer payer, String text, long afterMillis) {
  /** Whole seconds to wait, rounded up, as HTTP says it. */
  public String retryAfter() {
    return Long.toString(Math.max(1, (afterMillis + 999) / 1000));
  }

  /** Whether the server as a whole is at its limit, so that it is nobody's fault in particular. */
  public boolean ofNode() {
    return payer == Payer.NODE;
  }
}
