package io.roomcast.load;

/**
 * One server's way of saying join, leave and publish. All byte arrays are what goes out on the
 * socket, frames included; an empty one means that nothing has to be said. Stateless.
 */
interface Wire {
  /** What a text frame without a payload of ours means. */
  enum Kind {
    /** The connection may be used now. */
    READY,
    /** The answer to a join or a leave. */
    REPLY,
    /** A keep-alive that wants {@link #pong()} back. */
    PING,
    /** The server refused something. */
    ERROR,
    /** Nothing of interest. */
    OTHER
  }

  /** The path to connect a member of the room to. */
  String path(String base, String room);

  /** Whether a publisher's connection is upgraded to WebSocket; otherwise it stays plain HTTP. */
  boolean publishesByWebSocket();

  /**
   * What is said first on an open WebSocket, which is ready on {@link Kind#READY}; empty when it is
   * ready at once.
   */
  byte[] greeting();

  byte[] join(String room);

  byte[] leave(String room);

  /** Whether joins and leaves are answered; otherwise a WebSocket ping stands in for the answer. */
  boolean answers();

  /**
   * A publish of the payload.
   *
   * @param payload plain ASCII that needs no escaping, found once in the result, as it is
   * @param member whether it is sent on the connection of a member of the room
   */
  byte[] publish(String room, byte[] payload, boolean member);

  byte[] pong();

  /**
   * Judges a text frame.
   *
   * @param head its first eight bytes, big endian, zeros where it is shorter
   * @param next the eight bytes after them
   */
  Kind kind(long head, long next);
}
