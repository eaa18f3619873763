package io.roomcast.room;

import io.roomcast.protocol.Event;
import java.util.List;

/**
 * One member of one room that does not read as fast as the room goes, from the first message that
 * it was not given to the moment it is even again. What it holds is bounded, whatever the room
 * says. Belongs to the lane's thread.
 *
 * <p>Events other than messages are never skipped.
 */
abstract class Lag {
  final Room room;
  final Session session;
  private final long sinceWall;

  /** Messages that were skipped for good, and that the member has not been told of. */
  private long skipped;

  Lag(Room room, Session session) {
    this.room = room;
    this.session = session;
    this.sinceWall = room.lane().inbox().evenWall();
  }

  /** Takes what the room says. Answers how many events were written nevertheless. */
  final int take(List<Publication> publications) {
    int written = 0;
    for (Publication publication : publications) {
      boolean meant = !session.named(publication.exclude());
      if (Event.isMessage(publication.json())) {
        skip(publication, meant);
      } else if (meant) {
        session.write(List.of(publication));
        written++;
      }
    }
    return written;
  }

  /**
   * A message is not written now.
   *
   * @param meant whether it is for this member at all
   */
  abstract void skip(Publication publication, boolean meant);

  /** The wire takes output: gives the member what it lacks, or begins to. */
  abstract void resume();

  /** Is over at once, whether the wire takes output or not: the member's room waits from now on. */
  abstract void settle();

  /** It is over, or the member is gone. */
  void end() {}

  /** The member will not be given so many messages. */
  final void lost(long count, DropReason reason) {
    skipped += count;
    room.lane().telemetry().dropped(reason, count);
  }

  /** Tells the member how many messages it was not given, when there are any. */
  final void tell() {
    if (skipped > 0) {
      long now = room.lane().time().wallMillis();
      session.send(Event.skipped(room.name(), sinceWall, now, skipped));
      skipped = 0;
    }
  }

  /** Writes messages to the member. */
  final void write(List<Publication> publications) {
    session.write(publications);
    room.lane().telemetry().delivered(publications.size());
  }

  /** The member is even: it is written to like the others from now on. */
  final void over() {
    session.lags().remove(this);
  }
}
