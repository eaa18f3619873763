package io.roomcast.webhook;

import io.roomcast.room.Occupancy;
import io.roomcast.room.Visits;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts who is in which room on this node, and has the rooms reported that get their first member
 * on any node or lose their last.
 */
final class Rooms implements Visits, Occupancy.Local, AutoCloseable {
  private final Reports reports;
  private final boolean tellMembers;
  private final Map<String, Integer> members = new ConcurrentHashMap<>();
  private volatile @Nullable Occupancy occupancy;

  /**
   * Begins with nobody.
   *
   * @param tellMembers whether it is also reported who joins and leaves
   */
  Rooms(Reports reports, boolean tellMembers) {
    this.reports = reports;
    this.tellMembers = tellMembers;
  }

  /** Before anybody joins. */
  void start(Occupancy all) {
    occupancy = all;
    all.start(this);
  }

  @Override
  public boolean wanted() {
    return true;
  }

  @Override
  public void joined(String room, String user, String session) {
    if (members.merge(room, 1, Integer::sum) == 1) {
      changed(room);
    }
    if (tellMembers) {
      reports.joined(room, user, session);
    }
  }

  @Override
  public void left(String room, String user, String session) {
    if (tellMembers) {
      reports.left(room, user, session);
    }
    if (members.computeIfPresent(room, (r, now) -> now == 1 ? null : now - 1) == null) {
      changed(room);
    }
  }

  private void changed(String room) {
    Occupancy all = occupancy;
    if (all != null) {
      all.changed(room);
    }
  }

  @Override
  public boolean occupied(String room) {
    return members.containsKey(room);
  }

  @Override
  public Collection<String> rooms() {
    return List.copyOf(members.keySet());
  }

  @Override
  public void turned(Occupancy.Turn turn) {
    Occupancy all = occupancy;
    if (all != null) {
      reports.turned(turn, () -> all.told(turn));
    }
  }

  /** Has told what rooms this node has emptied, and that it was told, as far as that can be now. */
  @Override
  public void close() {
    Occupancy all = occupancy;
    if (all == null) {
      reports.close();
      return;
    }
    all.settle();
    reports.close();
    all.close();
  }
}
