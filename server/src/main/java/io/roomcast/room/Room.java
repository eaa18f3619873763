package io.roomcast.room;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lane's share of a room: its members on that lane, those who wait for the broker's
 * confirmation, and what is still to be written to them. Belongs to the lane's thread.
 *
 * <p>Members stand in a dense array, in no order; each session knows its place in it. While a
 * fan-out is under way a place that becomes free stays empty, since filling it would move a member
 * past the cursor and so past the message.
 */
final class Room {
  /** A frame holds one publication, or more up to these bytes: far less than may be unread. */
  static final int BATCH_BYTES = 64 * 1024;

  private final String name;
  private final Interest interest;
  private final Lane lane;

  private @Nullable Session[] members = new Session[2];

  /** Places in use, empty ones among them included. */
  private int size;

  private int empty;

  private List<Publication> pending = new ArrayList<>(1);
  private @Nullable Outgoing current;

  /** Next place to write to, and the place to stop at: those who came later are not meant. */
  private int cursor;

  private int end;

  private @Nullable ArrayDeque<Join> waiting;

  /** Somebody who waits to become a member. */
  private record Join(Session session, JoinCallback callback, long deadline) {}

  Room(String name, Interest interest, Lane lane) {
    this.name = name;
    this.interest = interest;
    this.lane = lane;
  }

  String name() {
    return name;
  }

  /** Lets a session in, at once or when the broker confirms. */
  void join(Session session, JoinCallback callback, long waitMillis) {
    if (session.placeIn(this) >= 0) {
      callback.done(JoinOutcome.JOINED);
    } else if (interest.live) {
      admit(session);
      callback.done(JoinOutcome.JOINED);
    } else {
      session.put(this, Session.WAITING);
      if (waiting == null) {
        waiting = new ArrayDeque<>(2);
        lane.waits(this, true);
      }
      waiting.add(new Join(session, callback, lane.time().millis() + waitMillis));
    }
  }

  /** The broker has confirmed: those who waited are members from now on. */
  void admitWaiting() {
    if (!interest.live || waiting == null) {
      return;
    }
    ArrayDeque<Join> joins = waiting;
    stopWaiting();
    // All are in before the first is told: telling one may end others, and so empty the room.
    for (Join join : joins) {
      if (join.session().placeIn(this) == Session.WAITING) {
        admit(join.session());
      }
    }
    for (Join join : joins) {
      boolean in = join.session().placeIn(this) >= 0;
      join.callback().done(in ? JoinOutcome.JOINED : JoinOutcome.CANCELLED);
      join.session().release(this);
    }
  }

  /** Gives up for those whose time is over. */
  void expireWaiting(long now) {
    removeWaiting(join -> join.deadline() <= now, JoinOutcome.UNAVAILABLE);
  }

  private void removeWaiting(java.util.function.Predicate<Join> which, JoinOutcome outcome) {
    if (waiting == null) {
      return;
    }
    List<Join> gone = new ArrayList<>();
    for (Iterator<Join> all = waiting.iterator(); all.hasNext(); ) {
      Join join = all.next();
      if (which.test(join)) {
        all.remove();
        gone.add(join);
      }
    }
    for (Join join : gone) {
      boolean more = waiting.stream().anyMatch(w -> w.session() == join.session());
      if (!more && join.session().placeIn(this) == Session.WAITING) {
        join.session().remove(this);
      }
    }
    if (waiting.isEmpty()) {
      stopWaiting();
    }
    leaveWhenEmpty();
    for (Join join : gone) {
      join.callback().done(outcome);
      if (join.session().placeIn(this) != Session.WAITING) {
        join.session().release(this);
      }
    }
  }

  private void stopWaiting() {
    waiting = null;
    lane.waits(this, false);
  }

  private void admit(Session session) {
    if (size == members.length) {
      members = Arrays.copyOf(members, size + (size >> 1) + 1);
    }
    members[size] = session;
    session.put(this, size);
    size++;
    interest.members.incrementAndGet();
    lane.countMember(1);
  }

  /** A session goes, or stops waiting. Without effect when it is neither. */
  void leave(Session session) {
    int place = session.placeIn(this);
    if (place >= 0) {
      session.remove(this);
      vacate(place);
      interest.members.decrementAndGet();
      lane.countMember(-1);
    }
    if (waiting != null) {
      removeWaiting(join -> join.session() == session, JoinOutcome.CANCELLED);
    } else if (place >= 0) {
      leaveWhenEmpty();
    }
  }

  private void vacate(int place) {
    if (current != null) {
      members[place] = null;
      empty++;
      return;
    }
    size--;
    Session last = members[size];
    members[size] = null;
    if (last != null && place != size) {
      members[place] = last;
      last.put(this, place);
    }
  }

  private void leaveWhenEmpty() {
    if (size == empty && waiting == null) {
      lane.leave(this);
    }
  }

  /** Adds what is to be written to all members. */
  void add(Publication publication) {
    pending.add(publication);
  }

  boolean hasWork() {
    return current != null || !pending.isEmpty();
  }

  /**
   * Writes to the next members.
   *
   * @param budget at most so many, at least 1
   * @return how many it was, at least 1
   */
  int deliver(int budget) {
    Outgoing outgoing = current;
    if (outgoing == null) {
      outgoing = new Outgoing(batch());
      current = outgoing;
      cursor = 0;
      end = size;
    }
    int from = cursor;
    int to = Math.min(end, from + budget);
    long written = 0;
    try {
      while (cursor < to) {
        // Counted before it is written to: whose transport throws is not written to again.
        Session session = members[cursor++];
        if (session != null) {
          written += session.send(outgoing);
        }
      }
    } finally {
      lane.telemetry().delivered(written);
      if (cursor == end) {
        finish(outgoing);
      }
    }
    return Math.max(1, to - from);
  }

  private List<Publication> batch() {
    int count = 1;
    int bytes = pending.get(0).json().length;
    while (count < pending.size() && bytes + pending.get(count).json().length <= BATCH_BYTES) {
      bytes += pending.get(count++).json().length;
    }
    lane.begin(bytes);
    List<Publication> batch = pending;
    pending = new ArrayList<>(1);
    if (count < batch.size()) {
      pending.addAll(batch.subList(count, batch.size()));
      batch = List.copyOf(batch.subList(0, count));
    }
    return batch;
  }

  private void finish(Outgoing outgoing) {
    outgoing.release();
    current = null;
    lane.written(outgoing.publications());
    compact();
  }

  private void compact() {
    if (empty == 0) {
      return;
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      Session session = members[i];
      members[i] = null;
      if (session != null) {
        members[kept] = session;
        session.put(this, kept);
        kept++;
      }
    }
    size = kept;
    empty = 0;
  }
}
