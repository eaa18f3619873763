package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.RoomName;
import io.roomcast.protocol.WireLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What one node asks of all nodes, itself included. Immutable, and refuses what is out of its
 * bounds, since it may have come from anywhere.
 */
public sealed interface ClusterCommand {
  /** Entries that a node gives at most, and one more that says that there are more. */
  int MOST_ENTRIES = WireLimits.PAGE + 1;

  /** How long a node may take for it. */
  default Duration patience() {
    return Duration.ofSeconds(2);
  }

  /** How is the node? Answered by {@link ClusterAnswer.Status}. */
  record Status() implements ClusterCommand {}

  /**
   * Which rooms have members? Answered by {@link ClusterAnswer.Rooms}; see {@link Hub#rooms}.
   *
   * @param limit 1 to {@link #MOST_ENTRIES}
   */
  record Rooms(String prefix, String after, int limit) implements ClusterCommand {
    /** Makes it. */
    public Rooms {
      entries(limit);
    }
  }

  /**
   * Which sessions are there of somebody? Answered by {@link ClusterAnswer.Sessions}.
   *
   * @param limit 1 to {@link #MOST_ENTRIES}
   */
  record Sessions(Who who, int limit) implements ClusterCommand {
    /** Makes it. */
    public Sessions {
      entries(limit);
    }
  }

  /**
   * Closes somebody's connections. Answered by {@link ClusterAnswer.Done}.
   *
   * @param code from 4000 on
   * @param text for people, at most {@value Who#BYTES} bytes
   */
  record Disconnect(Who who, CloseCode code, String text) implements ClusterCommand {
    /** Makes it. */
    public Disconnect {
      require(code.code() >= 4000, "a close code from 4000 on");
      Who.check("text", text);
    }
  }

  /** Lets somebody join a room. Answered by {@link ClusterAnswer.Done}. */
  record Join(Who who, String room) implements ClusterCommand {
    /** Makes it. */
    public Join {
      checkRoom(room);
    }

    /** A join waits for the broker. */
    @Override
    public Duration patience() {
      return Duration.ofSeconds(6);
    }
  }

  /** Takes somebody out of a room. Answered by {@link ClusterAnswer.Done}. */
  record Leave(Who who, String room) implements ClusterCommand {
    /** Makes it. */
    public Leave {
      checkRoom(room);
    }
  }

  /**
   * From now on something is not good any more: whoever is there by it is closed, and whoever comes
   * with it refused. Answered by {@link ClusterAnswer.Done}.
   */
  record Revoke(Revocation revocation) implements ClusterCommand {}

  /** Which rules hold there? Answered by {@link ClusterAnswer.RulesHeld}. */
  record RulesHeld() implements ClusterCommand {}

  /**
   * Could these rules hold there? Nothing changes. Answered by {@link ClusterAnswer.RulesHeld}.
   *
   * @param lines within the bounds of a {@link RuleChange}
   */
  record CheckRules(List<String> lines) implements ClusterCommand {
    /** Makes it. */
    public CheckRules {
      lines = RuleChange.checked(lines);
    }
  }

  /**
   * From now on other rules hold, unless a later change is known. Answered by {@link
   * ClusterAnswer.RulesHeld}.
   */
  record ChangeRules(RuleChange change) implements ClusterCommand {}

  /**
   * Whose sessions are meant.
   *
   * @param user whether {@code value} is a user's id, or the name of a session
   */
  record Who(boolean user, String value) {
    /** Bytes that a name has at most. */
    public static final int BYTES = WireLimits.NAME_BYTES;

    /** Makes it. */
    public Who {
      require(!value.isEmpty(), "a name");
      check(user ? "user" : "session", value);
    }

    /** All sessions of a user. */
    public static Who user(String id) {
      return new Who(true, id);
    }

    /** The session of that name; several, when clients gave themselves the same. */
    public static Who session(String name) {
      return new Who(false, name);
    }

    private static void check(String what, String value) {
      require(
          value.getBytes(StandardCharsets.UTF_8).length <= BYTES
              && value.chars().noneMatch(Character::isISOControl),
          what + " of at most " + BYTES + " bytes without control characters");
    }
  }

  private static void entries(int limit) {
    require(limit >= 1 && limit <= MOST_ENTRIES, "a limit of 1 to " + MOST_ENTRIES);
  }

  private static void checkRoom(String name) {
    String flaw = RoomName.flaw(name);
    if (!flaw.isEmpty()) {
      throw new IllegalArgumentException("room " + flaw);
    }
  }

  private static void require(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected);
    }
  }
}
