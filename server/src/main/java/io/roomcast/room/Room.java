package io.roomcast.room;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
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

  /** Those who wait for the broker, or for the log to say where it stands. */
  private @Nullable ArrayDeque<Join> waiting;

  /** Where the room keeps one. */
  private @Nullable RoomLog log;

  private SlowMode slow;

  /** Where the room tells who is in it. */
  private final @Nullable RoomAttendance attendance;

  Room(String name, Interest interest, Lane lane, Rules rules) {
    this.name = name;
    this.interest = interest;
    this.lane = lane;
    this.log = rules.log() ? new RoomLog(this, lane) : null;
    this.slow = rules.slow();
    this.attendance = rules.presence() ? new RoomAttendance(name, lane.hub().attendance()) : null;
  }

  @Nullable RoomLog log() {
    return log;
  }

  Lane lane() {
    return lane;
  }

  /** A member does not read as fast as the room goes. */
  Lag lag(Session session) {
    return slow == SlowMode.RESYNC && log != null
        ? new ResyncLag(this, session, log)
        : new LatestLag(this, session);
  }

  /** Other rules hold: begins to keep a log, or ends it. What is asked for later needs nothing. */
  void follow(Rules rules) {
    slow = rules.slow();
    if (slow == SlowMode.CLOSE || (log != null && !rules.log())) {
      Lags.settle(members, size, this);
    }
    RoomLog former = log;
    if (rules.log() && former == null) {
      RoomLog begun = new RoomLog(this, lane);
      log = begun;
      if (size > empty) {
        begun.beginAmongMembers();
      }
      lane.logs().add(begun);
      confirmed();
    } else if (!rules.log() && former != null) {
      former.release();
      List<Join> late = former.catchUps().remove(join -> true);
      log = null;
      lane.logs().remove(former);
      former.close();
      if (!late.isEmpty()) {
        waiting = waiting == null ? new ArrayDeque<>(late.size()) : waiting;
        waiting.addAll(late);
      }
      admitWaiting();
    }
  }

  boolean live() {
    return interest.live;
  }

  String name() {
    return name;
  }

  /** Lets a session in, at once or when the broker confirms. */
  void join(Session session, JoinFrom from, JoinCallback callback, long waitMillis) {
    if (session.placeIn(this) >= 0) {
      callback.done(JoinOutcome.JOINED, begin());
    } else if (ready() && (log == null || !from.past())) {
      admit(session);
      callback.done(JoinOutcome.JOINED, begin());
    } else {
      session.put(this, Session.WAITING);
      lane.waits(this, true);
      Join join = new Join(session, from, callback, lane.time().millis() + waitMillis);
      if (ready() && log != null) {
        log.catchUps().add(join);
      } else {
        waiting = waiting == null ? new ArrayDeque<>(2) : waiting;
        waiting.add(join);
      }
    }
  }

  /** Whether members can be let in. */
  private boolean ready() {
    return interest.live && (log == null || log.known());
  }

  /** What a member begins with that joins now. */
  private JoinStart begin() {
    return log == null ? JoinStart.NOW : JoinStart.at(log.told());
  }

  /** Lets in who began in the past and has it all now. */
  void admit(Join join, JoinStart start) {
    boolean in = join.session().placeIn(this) >= 0;
    if (!in) {
      admit(join.session());
    }
    join.callback().done(JoinOutcome.JOINED, in ? begin() : start);
    join.session().release(this);
    restIfNobodyWaits();
  }

  /** The broker may have confirmed; what was missed until then is fetched first. */
  void confirmed() {
    if (log != null && live()) {
      log.read();
    } else {
      admitWaiting();
    }
  }

  /** Those who waited are members from now on, if everything is there for it. */
  void admitWaiting() {
    if (!ready() || waiting == null) {
      return;
    }
    ArrayDeque<Join> joins = waiting;
    List<Join> now = new ArrayList<>(joins.size());
    waiting = null;
    // All are in before the first is told: telling one may end others, and so empty the room.
    for (Join join : joins) {
      if (log != null && join.from().past()) {
        log.catchUps().add(join);
        continue;
      }
      now.add(join);
      if (join.session().placeIn(this) == Session.WAITING) {
        admit(join.session());
      }
    }
    restIfNobodyWaits();
    for (Join join : now) {
      boolean in = join.session().placeIn(this) >= 0;
      join.callback()
          .done(in ? JoinOutcome.JOINED : JoinOutcome.CANCELLED, in ? begin() : JoinStart.NOW);
      join.session().release(this);
    }
  }

  /** Gives up for those whose time is over. */
  void expireWaiting(long now) {
    removeWaiting(join -> join.deadline() <= now, JoinOutcome.UNAVAILABLE);
  }

  private void removeWaiting(Predicate<Join> which, JoinOutcome outcome) {
    if (!anybodyWaits()) {
      return;
    }
    List<Join> gone = new ArrayList<>();
    if (waiting != null) {
      waiting.removeIf(join -> which.test(join) && gone.add(join));
      waiting = waiting.isEmpty() ? null : waiting;
    }
    if (log != null) {
      gone.addAll(log.catchUps().remove(which));
    }
    for (Join join : gone) {
      if (!waits(join.session()) && join.session().placeIn(this) == Session.WAITING) {
        join.session().remove(this);
      }
    }
    restIfNobodyWaits();
    leaveWhenEmpty();
    for (Join join : gone) {
      join.callback().done(outcome, JoinStart.NOW);
      if (join.session().placeIn(this) != Session.WAITING) {
        join.session().release(this);
      }
    }
  }

  private boolean waits(Session session) {
    return (waiting != null && waiting.stream().anyMatch(join -> join.session() == session))
        || (log != null && log.catchUps().has(session));
  }

  private boolean anybodyWaits() {
    return waiting != null || (log != null && log.catchUps().any());
  }

  private void restIfNobodyWaits() {
    if (!anybodyWaits()) {
      lane.waits(this, false);
    }
  }

  private void admit(Session session) {
    if (size == members.length) {
      members = Arrays.copyOf(members, size + (size >> 1) + 1);
    }
    members[size] = session;
    session.put(this, size);
    size++;
    interest.entered(session);
    lane.countMember(1);
    if (attendance != null) {
      attendance.entered(session);
    }
    lane.hub().joined(name, session);
  }

  /** A session goes, or stops waiting. Without effect when it is neither. */
  void leave(Session session) {
    int place = session.placeIn(this);
    if (place >= 0) {
      session.remove(this);
      vacate(place);
      interest.left(session);
      lane.countMember(-1);
      if (attendance != null) {
        attendance.left(session);
      }
      lane.hub().left(name, session);
    }
    if (anybodyWaits()) {
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
    if (size == empty && !anybodyWaits()) {
      lane.leave(this);
    }
  }

  /** Adds what is to be written to all members. */
  void add(Publication publication) {
    pending.add(publication);
  }

  /** How many publications wait to be written. */
  int pending() {
    return pending.size();
  }

  /** The first message of the log that is still to be written to members, if there is any. */
  @Nullable Publication firstPending() {
    for (Publication publication : pending) {
      if (publication.logged()) {
        return publication;
      }
    }
    return null;
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
    boolean waits = slow == SlowMode.CLOSE;
    long written = 0;
    try {
      while (cursor < to) {
        // Counted before it is written to: whose transport throws is not written to again.
        Session session = members[cursor++];
        if (session != null) {
          written += waits ? session.send(outgoing) : Lags.send(session, outgoing, this);
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
    if (log != null) {
      log.catchUps().telling(batch);
    }
    return batch;
  }

  private void finish(Outgoing outgoing) {
    outgoing.release();
    current = null;
    lane.inbox().written(outgoing.publications());
    compact();
    if (log != null) {
      log.written();
    }
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
