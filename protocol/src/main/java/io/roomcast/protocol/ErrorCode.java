package io.roomcast.protocol;

/**
 * Why a command was refused. The closed list: PROTOCOL.md repeats it, and a test keeps both equal.
 */
public enum ErrorCode {
  /** The frame is not a JSON object, nor an array of JSON objects. */
  MALFORMED(1400, "malformed", false),
  /** The command needs a valid token, which was missing, expired or wrong. */
  UNAUTHORIZED(1401, "unauthorized", false),
  /** The token or the room's rules do not allow the command. */
  FORBIDDEN(1403, "forbidden", false),
  /** The field {@code type} names no command. */
  UNKNOWN_TYPE(1405, "unknown_type", false),
  /** A message is larger than the limit. */
  TOO_LARGE(1413, "too_large", false),
  /** A field is missing, given twice, of the wrong type, or out of its bounds. */
  INVALID_FIELD(1422, "invalid_field", false),
  /** More, or faster, than a limit allows; what was asked for was not done. */
  RATE_LIMITED(1429, "rate_limited", true),
  /** The session is in as many rooms as it may be. */
  TOO_MANY_ROOMS(1430, "too_many_rooms", false),
  /** The session left the room, or ended, before the command was carried out. */
  CANCELLED(1499, "cancelled", false),
  /** A fault of the server's own. */
  INTERNAL(1500, "internal", true),
  /** The room or the server does not offer what was asked for. */
  NOT_SUPPORTED(1501, "not_supported", false),
  /** The broker cannot be reached, or did not answer in time. */
  UNAVAILABLE(1503, "unavailable", true),
  /** More is waiting for the broker than the bound allows. */
  OVERLOADED(1529, "overloaded", true);

  private final int code;
  private final String word;
  private final boolean temporary;

  ErrorCode(int code, String word, boolean temporary) {
    this.code = code;
    this.word = word;
    this.temporary = temporary;
  }

  /** The number on the wire, 1400 to 1599. */
  public int code() {
    return code;
  }

  /** The word on the wire: lower case, underscores. */
  public String word() {
    return word;
  }

  /** Whether the same command may succeed when it is sent again later. */
  public boolean temporary() {
    return temporary;
  }
}
