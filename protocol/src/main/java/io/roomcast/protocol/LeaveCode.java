package io.roomcast.protocol;

/**
 * Why the server took a session out of a room. The closed list: PROTOCOL.md repeats it, and a test
 * keeps both equal.
 */
public enum LeaveCode {
  /** The server's API was told to. */
  REMOVED(2000, "removed by the server"),
  /** What the client may do has changed. */
  FORBIDDEN(2001, "no longer allowed");

  private final int code;
  private final String text;

  LeaveCode(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The number on the wire, 2000 to 2999. */
  public int code() {
    return code;
  }

  /** A short English reason. */
  public String text() {
    return text;
  }
}
