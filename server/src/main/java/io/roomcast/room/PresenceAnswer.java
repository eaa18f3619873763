package io.roomcast.room;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.PresenceReply;
import org.jspecify.annotations.Nullable;

/** One client's question who is in a room, until it is answered. */
record PresenceAnswer(Session session, Command.Presence question, Refusals refusals) {

  /** Asks, if there is anything to ask. */
  void ask(Attendance attendance) {
    String id = question.id();
    if (!attendance.has(question.room())) {
      refusals.refuse(session, id, ErrorCode.NOT_SUPPORTED, "this room shows no presence");
    } else if (id.isEmpty()) {
      // Nobody could tell which question an answer without an id belongs to.
      refusals.refuse(session, id, ErrorCode.INVALID_FIELD, "presence needs an id");
    } else if (question.counts() || !attendance.await(question.room(), () -> later(attendance))) {
      read(attendance);
    }
  }

  /** Back on the lane, so that no event that is newer overtakes the answer. */
  private void later(Attendance attendance) {
    session.lane().execute(() -> read(attendance));
  }

  private void read(Attendance attendance) {
    // What members were told by now and is still on its way to this one comes first.
    session.lane().settle();
    attendance.read(
        question.room(), question.counts(), question.after(), question.limit(), this::done);
  }

  /** An answer that is there at once goes out at once: before any event that is newer. */
  private void done(Presence.@Nullable Page page) {
    if (session.lane().owned()) {
      answer(page);
    } else {
      session.lane().execute(() -> answer(page));
    }
  }

  private void answer(Presence.@Nullable Page page) {
    String id = question.id();
    String room = question.room();
    if (page == null) {
      refusals.refuse(
          session,
          id,
          ErrorCode.UNAVAILABLE,
          "who is here is not known now: the broker cannot be reached; try again");
    } else if (question.counts()) {
      session.send(PresenceReply.counts(id, room, page.count(), page.sessions()));
    } else {
      session.send(
          PresenceReply.users(id, room, page.users(), page.infos(), page.more(), page.count()));
    }
  }
}
