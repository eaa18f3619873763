package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is in rooms with presence, over all nodes: each node states who is there by its own sessions,
 * and everybody can read the sum.
 *
 * <p>A user is in a room while some node states at least one session of it. When that begins, and
 * when it ends, a {@link RoomEvent.Present} reaches every node that wants the room, by its broker:
 * the two take turns for each user, whatever nodes state at the same time and wherever they die.
 *
 * <p>What others may know of a user is what its last session to join with an info has brought, on
 * whatever node; it stays until the user is gone. It comes with the event that the user is there,
 * and when it changes later that event comes again.
 *
 * <p>Threads: every method may be called from any thread and returns at once, but for {@link
 * #close}.
 */
public interface Presence extends AutoCloseable {

  /** Begins, after the broker has. Called once, before any other method. */
  void start(Local local);

  /**
   * Something has changed that this node states: {@link Local#stay} is asked for it, and again
   * until everybody can know it. Not to be called with a lock that {@link Local} needs.
   */
  void changed(String room, String user);

  /**
   * Reads who is in a room.
   *
   * @param after users after this one in the order of {@link PresenceView#ORDER}, or empty
   * @param limit users at most; 0 for the numbers alone
   * @param callback is called exactly once, on any thread
   */
  void read(String room, String after, int limit, PageCallback callback);

  /**
   * Ends. Whoever was here by this node is gone after the time of grace, unless another node has
   * it. May block for a moment.
   */
  @Override
  void close();

  /** What holds on this node. Thread-safe; nothing of it blocks. */
  interface Local {
    /**
     * What this node has of a user in a room; {@link Stay#NONE} when the user is gone from here.
     */
    Stay stay(String room, String user);

    /** The rooms that somebody is in by this node. */
    List<String> rooms();

    /** Who is in a room by this node, with the number of sessions. */
    Map<String, Integer> users(String room);

    /** Events of any room may have been lost: what is known of it must be compared. */
    void unsure();

    /** A statement was not taken, and is made again later. */
    void failed();
  }

  /**
   * One user in one room by one node.
   *
   * @param sessions how many; 0 when it is not there
   * @param arrival which join of this node has brought the info: a later one has a greater number;
   *     0 when none has
   * @param info what others may know of the user, one JSON value; or empty
   */
  record Stay(int sessions, long arrival, String info) {
    /** Of who is not there. */
    public static final Stay NONE = new Stay(0, 0, "");
  }

  /** Hears who is in a room. */
  @FunctionalInterface
  interface PageCallback {
    /**
     * Called once, on any thread. Must not block.
     *
     * @param page null when it cannot be known now
     */
    void done(@Nullable Page page);
  }

  /**
   * A part of those who are in a room.
   *
   * @param users in the order of {@link PresenceView#ORDER}
   * @param infos what others may know of those of them of whom there is anything, in their order
   * @param more whether there are more after these
   * @param count users in all
   * @param sessions of all users, where it is known
   */
  record Page(
      List<String> users, Map<String, String> infos, boolean more, long count, long sessions) {
    /** Bytes of infos that one client is given at a time: what 256 users have at most. */
    static final int INFO_BYTES = 256 * 1024;

    /** Of users of whom no more is known. */
    public Page(List<String> users, boolean more, long count, long sessions) {
      this(users, Map.of(), more, count, sessions);
    }

    /** The same, or as much of it as has no more than {@value #INFO_BYTES} bytes of infos. */
    Page bounded() {
      int bytes = 0;
      for (int i = 0; i < users.size() && !infos.isEmpty(); i++) {
        bytes += infos.getOrDefault(users.get(i), "").getBytes(UTF_8).length;
        if (bytes > INFO_BYTES) {
          List<String> some = users.subList(0, i);
          Map<String, String> theirs = new LinkedHashMap<>(infos);
          theirs.keySet().retainAll(Set.copyOf(some));
          return new Page(some, theirs, true, count, sessions);
        }
      }
      return this;
    }
  }

  /** Of a node without rooms that have it. */
  Presence NONE =
      new Presence() {
        @Override
        public void start(Local local) {}

        @Override
        public void changed(String room, String user) {}

        @Override
        public void read(String room, String after, int limit, PageCallback callback) {
          callback.done(null);
        }

        @Override
        public void close() {}
      };
}
