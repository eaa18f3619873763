package io.roomcast.protocol;

/**
 * One command of a client, already checked: room names are within their bounds, payloads are
 * well-formed JSON. Immutable.
 *
 * <p>Strings that a client may leave out are empty when it did; there is no {@code null}.
 */
public sealed interface Command {

  /**
   * The {@code id} as it stood in the command, raw JSON (a number, or a string with its quotes);
   * empty when the command had none and so wants no reply.
   */
  String id();

  /**
   * Says who the client is. Optional on a server that is open.
   *
   * @param token a signed token, or empty
   * @param session the session's own name, stable across reconnects, or empty
   * @param name what others may call this client, or empty
   */
  record Connect(String id, String token, String session, String name) implements Command {}

  /**
   * Joins a room. A second join of the same room changes nothing and succeeds.
   *
   * @param since the position up to which the client has everything, or {@link Position#NONE}
   * @param last how many of the newest messages the client wants to begin with; 0 for none
   * @param token a signed token for this room, or empty
   */
  record Subscribe(String id, String room, Position since, int last, String token)
      implements Command {}

  /** Leaves a room. Succeeds also where the room had not been joined. */
  record Unsubscribe(String id, String room) implements Command {}

  /**
   * Sends to a room.
   *
   * @param message the JSON value as it was written by the client, byte for byte; not to be changed
   * @param key names this publish, so that a repeat can be told from a new message; or empty
   * @param echo whether the sender's own session gets the message too, when it is a member
   */
  record Send(String id, String room, byte[] message, String key, boolean echo)
      implements Command {}

  /**
   * Asks for earlier messages of a room: the first ones after {@code since}, or else the last ones
   * before {@code before}.
   *
   * @param since or {@link Position#NONE}
   * @param before an offset, or {@link Long#MAX_VALUE} for the newest there are
   * @param limit how many at most
   */
  record History(String id, String room, Position since, long before, int limit)
      implements Command {}

  /**
   * Asks who is in a room.
   *
   * @param counts whether only the numbers are wanted
   * @param after members after this user in the order of the list, or empty for the first ones
   * @param limit how many users at most
   */
  record Presence(String id, String room, boolean counts, String after, int limit)
      implements Command {}

  /** Replaces the session's token before it expires. */
  record Refresh(String id, String token) implements Command {}

  /** Asks for a {@code pong}. */
  record Ping(String id) implements Command {}

  /**
   * What could not be taken as a command, with the reason to give to the client.
   *
   * @param text says what was wrong and what was expected
   */
  record Rejected(String id, ErrorCode code, String text) implements Command {}
}
