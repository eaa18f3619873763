package io.roomcast.room;

import io.roomcast.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps nothing but two positions: up to where the member was given the room's log, and up to where
 * the others were told meanwhile. What lies between is read from the log a part at a time, each
 * when the wire has taken the one before.
 *
 * <pre>
 *   SKIPPING --the wire takes output--> READING --its part is written--> even: over
 *      ^                                   |  '--the log was not read--> tried again, later and later
 *      '-----the wire is full again--------'
 * </pre>
 *
 * <p>What the log has not, or no more, is counted and told.
 */
final class ResyncLag extends Lag implements Wheel.Entry, Turns.Turn {
  /** Messages, and bytes of them, that are read at a time; always one. */
  static final int PART = 512;

  static final int PART_BYTES = Room.BATCH_BYTES;

  /** Between tries to read a log that cannot be read, at most. */
  private static final int MOST_SECONDS = 16;

  private final RoomLog log;

  /** Of the newest message that the member has, or was told to be missing. */
  private Position given = Position.NONE;

  /** Of the newest message that was skipped. */
  private Position seen = Position.NONE;

  /** Whether a part is being read, or to be read when it is the session's turn. */
  private boolean reading;

  private int waitSeconds = 1;
  private int place = -1;

  ResyncLag(Room room, Session session, RoomLog log) {
    super(room, session);
    this.log = log;
  }

  @Override
  void skip(Publication publication, boolean meant) {
    Position its = publication.position();
    if (!its.known()) {
      lost(meant ? 1 : 0, DropReason.SLOW_LOST);
      return;
    }
    if (!its.sameLog(seen) || its.offset() <= seen.offset()) {
      // The first; or another log, or one that went back: what is left of the former is lost.
      giveUp();
      given = new Position(its.epoch(), its.offset() - 1);
    }
    seen = its;
    room.lane().telemetry().dropped(DropReason.SLOW_RESYNC, 1);
  }

  private void giveUp() {
    lost(seen.offset() - given.offset(), DropReason.SLOW_LOST);
    given = seen;
  }

  @Override
  void resume() {
    if (reading || place >= 0) {
      return;
    }
    if (given.equals(seen)) {
      over();
      tell();
      return;
    }
    reading = true;
    session.turns().add(this);
  }

  @Override
  public void extend(long now) {
    // It has no deadline.
  }

  @Override
  public void begin() {
    Position from = given;
    Position to = seen;
    log.ask(
        LogQuery.after(from.offset(), PART, PART_BYTES),
        part -> {
          reading = false;
          if (session.lags().has(this)) {
            answered(part, from, to);
          }
          session.turns().done(this);
        });
  }

  private void answered(@Nullable LogPart part, Position from, Position to) {
    if (part == null) {
      room.lane().wheel().set(this, waitSeconds);
      waitSeconds = Math.min(2 * waitSeconds, MOST_SECONDS);
      return;
    }
    waitSeconds = 1;
    if (!session.writable()) {
      // Whatever is under way to it by now; the wire tells when it takes more.
      return;
    }
    if (given.equals(from)) {
      give(part, to);
    }
    if (given.equals(seen) || session.writable()) {
      resume();
    }
  }

  private void give(LogPart part, Position to) {
    List<Publication> next = part.top().sameLog(given) ? next(part) : List.of();
    if (part.top().offset() < to.offset() || next.isEmpty()) {
      giveUp();
      return;
    }
    long first = next.getFirst().position().offset();
    lost(first - 1 - given.offset(), DropReason.SLOW_LOST);
    given = next.getLast().position();
    tell();
    write(next.stream().filter(p -> !session.named(p.exclude())).toList());
  }

  /** What the log still has of what the member lacks, without a hole. */
  private List<Publication> next(LogPart part) {
    List<Publication> next = new ArrayList<>();
    for (Publication publication : part.publications()) {
      long offset = publication.position().offset();
      if (offset > given.offset() && offset <= seen.offset()) {
        next.add(publication);
      }
    }
    return next;
  }

  @Override
  void settle() {
    giveUp();
    over();
    tell();
  }

  @Override
  void end() {
    room.lane().wheel().clear(this);
    session.turns().remove(this);
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int value) {
    place = value;
  }

  @Override
  public void onDeadline() {
    if (session.writable()) {
      resume();
    }
  }
}
