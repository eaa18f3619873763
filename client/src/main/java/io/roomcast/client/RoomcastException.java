package io.roomcast.client;

/**
 * What was asked for did not happen. With the server's own number where it refused: an {@link
 * io.roomcast.protocol.ErrorCode}, or a {@link io.roomcast.protocol.CloseCode} when it ended the
 * connection for good; 0 where this library gave up.
 */
public final class RoomcastException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final boolean temporary;
  private final long afterMillis;

  RoomcastException(int code, boolean temporary, String text) {
    this(code, temporary, text, 0);
  }

  RoomcastException(int code, boolean temporary, String text, long afterMillis) {
    super(text);
    this.code = code;
    this.temporary = temporary;
    this.afterMillis = afterMillis;
  }

  /** The server's number, or 0. */
  public int code() {
    return code;
  }

  /** Whether the same may succeed later. */
  public boolean temporary() {
    return temporary;
  }

  /** When the server said that it is worth another try, ms; 0 where it did not say. */
  public long afterMillis() {
    return afterMillis;
  }
}
