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

  RoomcastException(int code, boolean temporary, String text) {
    super(text);
    this.code = code;
    this.temporary = temporary;
  }

  /** The server's number, or 0. */
  public int code() {
    return code;
  }

  /** Whether the same may succeed later. */
  public boolean temporary() {
    return temporary;
  }
}
