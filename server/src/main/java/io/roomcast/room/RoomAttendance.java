package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * One lane's share of a room with presence: as whom each member came. A session that says later who
 * it is leaves as who it was. Belongs to the lane's thread.
 */
final class RoomAttendance {
  private static final int HASH_BYTES = 8;

  private final String room;
  private final Attendance attendance;
  private final Map<Session, String> users = new HashMap<>();

  RoomAttendance(String room, Attendance attendance) {
    this.room = room;
    this.attendance = attendance;
  }

  /** A session has become a member. */
  void entered(Session session) {
    String user = user(session);
    users.put(session, user);
    attendance.enter(room, user, session.identity().info());
  }

  /** It is none any more. */
  void left(Session session) {
    String user = users.remove(session);
    if (user != null) {
      attendance.leave(room, user);
    }
  }

  /**
   * What others know it by: as its messages say, or else a name that is made of its session's,
   * which is nobody's business, and like that is the same after a reconnect.
   */
  static String user(Session session) {
    String from = session.from();
    if (!from.isEmpty()) {
      return from;
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(session.id().getBytes(UTF_8));
      return "~" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
