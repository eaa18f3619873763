package io.roomcast.room;

import io.roomcast.protocol.Position;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One lane's view of a room's log. Sees to it that the room's members get every message of the log
 * once and in order, whatever comes by the broker: what comes twice is left out, and where a number
 * is missing the messages are fetched from the log, before those that came early. Belongs to the
 * lane's thread.
 *
 * <pre>
 *   UNKNOWN --the log says where it stands--> EVEN --a number is missing--> READING --> EVEN
 * </pre>
 *
 * <p>Only where the log itself has lost messages are the members told of a gap.
 */
final class RoomLog {
  /** A room that says nothing for so long is compared with its log. */
  static final long QUIET_MILLIS = 4_000;

  /** Messages, and bytes of them, that are fetched at a time. */
  private static final int PAGE = 512;

  private static final int PAGE_BYTES = Room.BATCH_BYTES * 4;

  /** Messages that may wait for earlier ones. */
  private static final int MOST_EARLY = 1024;

  private final Room room;
  private final Lane lane;

  /** Of the newest message handed to the room, or NONE before the log has answered. */
  private Position position = Position.NONE;

  /** What came too early. Its bytes count as the lane's queue, which bounds it. */
  private final ArrayDeque<Publication> early = new ArrayDeque<>(0);

  private final CatchUps catching;
  private boolean reading;

  /** Whether a reading is due as soon as enough has been written. */
  private boolean paused;

  /** Whether the last reading was in vain. */
  private boolean failed;

  /** Whether another reading is due, since something came up during the present one. */
  private boolean again;

  /** Whether the room keeps a log no more, or is given up. */
  private boolean closed;

  /** Whether the room had members before its log: they are not to miss what comes meanwhile. */
  private boolean joining;

  /** When it was last known that nothing is missing: {@link Time#millis}, and wall time. */
  private long evenMillis;

  private long evenWall;

  RoomLog(Room room, Lane lane) {
    this.room = room;
    this.lane = lane;
    this.catching = new CatchUps(room, this, lane);
  }

  /** The joins that begin in the past. */
  CatchUps catchUps() {
    return catching;
  }

  /** Of the newest message handed to the room. */
  Position position() {
    return position;
  }

  /** Whether members can be let in. */
  boolean known() {
    return position.known();
  }

  /** The log begins in a room that has members already. */
  void beginAmongMembers() {
    joining = true;
    evenWall = lane.time().wallMillis();
  }

  /** Takes a message of the log from the broker. */
  void take(Publication publication) {
    Position its = publication.position();
    if (joining) {
      // The first one that its members get says where they are.
      joining = false;
      accept(publication);
      even();
    } else if (!position.known() || !position.sameLog(its)) {
      early(publication);
    } else if (its.offset() <= position.offset()) {
      // A repeat; or the log has gone back, which only the log can tell.
      lane.inbox().forget(publication);
      read();
    } else if (its.offset() == position.offset() + 1 && early.isEmpty()) {
      accept(publication);
      even();
    } else {
      early(publication);
    }
  }

  private void early(Publication publication) {
    if (early.size() < MOST_EARLY) {
      early.add(publication);
    } else {
      // It is in the log, and fetched from there when those before it have been.
      lane.inbox().forget(publication);
    }
    read();
  }

  private void accept(Publication publication) {
    position = publication.position();
    lane.enqueue(room, publication);
  }

  private void even() {
    evenMillis = lane.time().millis();
    evenWall = lane.time().wallMillis();
  }

  /** Compares with the log, and fetches what is missing. */
  void read() {
    if (reading) {
      again = true;
      return;
    }
    if (room.pending() >= PAGE) {
      // No faster than it is written: what is in the log can wait there.
      paused = true;
      return;
    }
    reading = true;
    again = false;
    int judged = early.size();
    LogQuery query =
        position.known()
            ? LogQuery.after(position.offset(), PAGE, PAGE_BYTES)
            : LogQuery.position();
    ask(query.forMembers(position), part -> answered(part, judged));
  }

  /** The answer comes on this lane, unless the room is gone by then. */
  void ask(LogQuery query, LogReader.LogCallback callback) {
    LogReader.LogCallback here =
        part ->
            lane.execute(
                () -> {
                  if (lane.find(room.name()) == room) {
                    callback.done(part);
                  }
                });
    lane.hub().broker().read(room.name(), query, here);
  }

  /**
   * The log has answered.
   *
   * @param judged how many of the early ones had come before it was asked
   */
  private void answered(@Nullable LogPart part, int judged) {
    reading = false;
    if (closed) {
      return;
    }
    failed = part == null || !part.top().known();
    if (part == null || failed) {
      // Tried again by the lane's tick.
      return;
    }
    Position before = position;
    if (!position.known()) {
      position = part.top();
      if (joining && position.offset() > 0) {
        // It is older than this room's use of it: what was on its way cannot be told from repeats.
        gap();
      }
      joining = false;
    } else if (!position.sameLog(part.top())) {
      begin(part);
    } else {
      fetch(part);
    }
    bringEarly(part.top(), judged);
    boolean behind = !early.isEmpty() || position.offset() < part.top().offset();
    if (!behind) {
      even();
    }
    if (again || (behind && !position.equals(before))) {
      // Without any progress the next try is the tick's.
      read();
    }
    room.admitWaiting();
    catching.compared();
    lane.wake();
  }

  /** The log was lost, and is another one now: what it has kept is all news. */
  private void begin(LogPart part) {
    gap();
    position = new Position(part.top().epoch(), Math.max(0, part.oldest() - 1));
    again = true;
  }

  private void fetch(LogPart part) {
    if (part.oldest() > position.offset() + 1) {
      gap();
      position = new Position(position.epoch(), part.oldest() - 1);
    }
    for (Publication publication : part.publications()) {
      if (publication.position().offset() == position.offset() + 1) {
        lane.inbox().count(publication);
        accept(publication);
      }
    }
  }

  /** What the log itself has lost. */
  private void gap() {
    long now = lane.time().wallMillis();
    Publication gap = Publication.gap(room.name(), evenWall == 0 ? now : evenWall, now, "log");
    lane.inbox().count(gap);
    lane.enqueue(room, gap);
  }

  /**
   * Those that came early and are next by now; what is no news is left out.
   *
   * @param top of the log
   * @param judged so many were there when the log was asked: what the log has not is none of it
   */
  private void bringEarly(Position top, int judged) {
    int forged = 0;
    int left = judged;
    for (int n = early.size(); n > 0; n--) {
      Publication publication = early.remove();
      Position its = publication.position();
      boolean first = left-- > 0;
      if (!its.sameLog(position)) {
        // Of a log that is gone; or of one that is newer than the answer, which the next tells.
        again = true;
        lane.inbox().forget(publication);
      } else if (first && its.offset() > top.offset()) {
        lane.inbox().forget(publication);
        forged++;
      } else if (its.offset() <= position.offset()) {
        lane.inbox().forget(publication);
      } else if (its.offset() == position.offset() + 1) {
        accept(publication);
      } else {
        early.add(publication);
      }
    }
    if (forged > 0) {
      // Somebody else's, or of a log that has lost it since: in either case not to be waited for.
      lane.telemetry().dropped(DropReason.BROKER_MALFORMED, forged);
      gap();
    }
  }

  /** Up to where the members have been told: what is pending is still to come. */
  Position told() {
    Publication next = room.firstPending();
    if (next == null) {
      return position;
    }
    Position its = next.position();
    return new Position(its.epoch(), its.offset() - 1);
  }

  /** Messages have been written to all members. */
  void written() {
    if (paused && room.pending() < PAGE) {
      paused = false;
      read();
    }
    catching.letIn();
  }

  /** A second has passed. */
  void tick() {
    boolean behind = failed || !early.isEmpty() || !position.known();
    if (room.live() && (behind || lane.time().millis() - evenMillis >= QUIET_MILLIS)) {
      read();
    }
    catching.tick();
  }

  /** The room keeps no log any more: gives it what came early. */
  void release() {
    early.forEach(publication -> lane.enqueue(room, publication));
    early.clear();
    lane.wake();
  }

  /** The room is given up. */
  void close() {
    closed = true;
    early.forEach(lane.inbox()::forget);
    early.clear();
  }
}
