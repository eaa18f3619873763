package io.roomcast.protocol;

/**
 * Why the server ended a connection. Where RFC 6455 has a code, that code; otherwise 4000 to 4499
 * invite a reconnect and 4500 to 4999 are final.
 */
public enum CloseCode {
  NORMAL(1000, "bye"),
  GOING_AWAY(1001, "server is shutting down"),
  PROTOCOL_ERROR(1002, "protocol error"),
  UNSUPPORTED_DATA(1003, "binary frames are not supported"),
  INVALID_UTF8(1007, "text is not valid UTF-8"),
  TOO_BIG(1009, "message is larger than the limit"),
  INTERNAL_ERROR(1011, "internal error"),
  /** Nothing came back within the time allowed after a ping. */
  NO_PONG(4001, "no answer to ping"),
  /** More output was unread, or for longer, than the limits allow. */
  SLOW_READER(4002, "too slow a reader"),
  /** The server's API asks the client to connect again, to this node or another. */
  RECONNECT(4003, "connect again"),
  /** The token's time is over; with a new one the client may come back. */
  TOKEN_EXPIRED(4004, "token expired"),
  /** Its user has as many connections as it may have; later there may be a place. */
  TOO_MANY_CONNECTIONS(4005, "too many connections"),
  /** The client went on after its errors were used up. */
  TOO_MANY_ERRORS(4500, "too many errors"),
  /** No token that is good was shown in time, or it has been revoked. */
  INVALID_TOKEN(4501, "invalid token"),
  /** The server's API ended the connection. */
  DISCONNECTED(4502, "disconnected by the server");

  private final int code;
  private final String text;

  CloseCode(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The number in the close frame. */
  public int code() {
    return code;
  }

  /** A short English reason; ASCII, at most 123 bytes. */
  public String text() {
    return text;
  }

  /** Whether the client is invited to come back. */
  public boolean reconnect() {
    return switch (this) {
      case GOING_AWAY, INTERNAL_ERROR -> true;
      default -> code >= 4000 && code < 4500;
    };
  }
}
