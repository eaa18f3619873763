package io.roomcast.redis;

import io.roomcast.room.Occupancy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a node has to say of its rooms: where it has begun or ceased to have members, and what it
 * has told of that. What has no comment on its thread belongs to the owner's.
 */
final class Statements {
  /** Rooms in one statement, and as many that were told. */
  static final int BATCH = 100;

  /** Beyond which everything is stated again, in place of each. */
  private static final int MOST_WAITING = 100_000;

  /** Rooms that have changed; guarded by itself, with the two below. */
  private final Set<String> waiting = new LinkedHashSet<>();

  /** What was told, as Redis has it. */
  private final Set<String> told = new LinkedHashSet<>();

  /** Whether every room is to be stated. */
  private boolean all;

  /** Rooms that are still to be stated of all. */
  private final Set<String> anew = new LinkedHashSet<>();

  /** Rooms that Redis may have of this node. */
  private final Set<String> stated = new HashSet<>();

  /**
   * A part of it.
   *
   * @param rooms and whether they have members
   * @param told as Redis has it
   * @param last whether no room waits behind it
   */
  record Statement(Map<String, Boolean> rooms, List<String> told, boolean last) {
    boolean empty() {
      return rooms.isEmpty() && told.isEmpty();
    }
  }

  /** A room has changed. From any thread. */
  void changed(String room) {
    synchronized (waiting) {
      waiting.add(room);
      if (waiting.size() > MOST_WAITING) {
        waiting.clear();
        all = true;
      }
    }
  }

  /** Something was told. From any thread. */
  void told(String turn) {
    synchronized (waiting) {
      told.add(turn);
    }
  }

  /** Every room is to be stated again. */
  void all() {
    synchronized (waiting) {
      all = true;
    }
  }

  /** What is to be said next, as it is now. */
  Statement next(Occupancy.Local part) {
    boolean begin;
    synchronized (waiting) {
      begin = all;
      all = false;
    }
    if (begin) {
      // What changes from here on waits beside it.
      anew.clear();
      anew.addAll(part.rooms());
      anew.addAll(stated);
    }
    Map<String, Boolean> rooms = new LinkedHashMap<>();
    List<String> some = new ArrayList<>();
    synchronized (waiting) {
      take(waiting, rooms, part);
      take(anew, rooms, part);
      Iterator<String> each = told.iterator();
      while (some.size() < BATCH && each.hasNext()) {
        some.add(each.next());
        each.remove();
      }
      return new Statement(rooms, some, waiting.isEmpty() && anew.isEmpty());
    }
  }

  private void take(Collection<String> from, Map<String, Boolean> rooms, Occupancy.Local part) {
    Iterator<String> each = from.iterator();
    while (rooms.size() < BATCH && each.hasNext()) {
      String room = each.next();
      each.remove();
      boolean occupied = part.occupied(room);
      if (occupied) {
        stated.add(room);
      }
      // What Redis never heard of, it need not hear the end of.
      if (stated.contains(room)) {
        rooms.put(room, occupied);
      }
    }
  }

  /** It was taken. */
  void taken(Statement statement) {
    statement
        .rooms()
        .forEach(
            (room, occupied) -> {
              if (!occupied) {
                stated.remove(room);
              }
            });
  }

  /** It was not: all of it waits again. */
  void failed(Statement statement) {
    synchronized (waiting) {
      waiting.addAll(statement.rooms().keySet());
      told.addAll(statement.told());
    }
  }
}
