package io.roomcast.room;

import java.util.List;

/** What one node answers to a {@link ClusterCommand}. Immutable. */
public sealed interface ClusterAnswer {

  /** The name of the node that answers. */
  String node();

  /**
   * How a node is.
   *
   * @param version what it runs
   * @param uptimeSeconds since it started
   * @param ready whether it takes clients and its broker delivers
   * @param lagMillis how long a message to itself took by way of the broker; negative when that is
   *     not known
   */
  record Status(
      String node,
      String version,
      long uptimeSeconds,
      Hub.Size size,
      boolean ready,
      String broker,
      long lagMillis)
      implements ClusterAnswer {}

  /** Rooms that have members there, by name. */
  record Rooms(String node, List<Hub.RoomInfo> rooms) implements ClusterAnswer {
    /** Makes it. */
    public Rooms {
      rooms = List.copyOf(rooms);
    }
  }

  /**
   * Sessions that are there.
   *
   * @param more whether there are more than these
   */
  record Sessions(String node, List<SessionInfo> sessions, boolean more) implements ClusterAnswer {
    /** Makes it. */
    public Sessions {
      sessions = List.copyOf(sessions);
    }
  }

  /**
   * A session.
   *
   * @param session its name
   * @param user whose it is; empty for nobody in particular
   * @param wire {@code websocket} or {@code sse}
   * @param rooms that it has joined
   */
  record SessionInfo(String session, String user, String wire, List<String> rooms) {
    /** Makes it. */
    public SessionInfo {
      rooms = List.copyOf(rooms);
    }
  }

  /**
   * What was asked has been done.
   *
   * @param sessions to how many
   * @param failed with how many it did not work
   */
  record Done(String node, int sessions, int failed) implements ClusterAnswer {}

  /**
   * Which rules hold there.
   *
   * @param given whether the server API has given them, and not the node's configuration
   * @param version of the last change by the server API; 0 before the first
   * @param digest the same for the same rules
   * @param flaw why rules cannot hold there that it was asked about; empty when they can
   */
  record RulesHeld(String node, boolean given, long version, String digest, String flaw)
      implements ClusterAnswer {}
}
