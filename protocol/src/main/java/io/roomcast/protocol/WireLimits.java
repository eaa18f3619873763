package io.roomcast.protocol;

/** The bounds of the wire that are not configurable, because both ends must know them. */
public final class WireLimits {
  /** Bytes of UTF-8 in a room's name. */
  public static final int ROOM_BYTES = 200;

  /** Bytes of a command's {@code id} as written, quotes included. */
  public static final int ID_BYTES = 64;

  /** Bytes of UTF-8 in a publish key, a session name or a client name. */
  public static final int NAME_BYTES = 128;

  /** Bytes of UTF-8 in a log's epoch. */
  public static final int EPOCH_BYTES = 64;

  /** The most entries in one page of a list, and the most messages that a join begins with. */
  public static final int PAGE = 1000;

  /** Entries in a page when the client does not say. */
  public static final int SHORT_PAGE = 100;

  /** Characters in a token. */
  public static final int TOKEN_CHARS = 8 * 1024;

  /** Bytes of UTF-8 in what others may know of a user, as written. */
  public static final int INFO_BYTES = 1024;

  /** Levels of arrays and objects in a frame, the command's own object included. */
  public static final int NESTING = 64;

  private WireLimits() {}
}
