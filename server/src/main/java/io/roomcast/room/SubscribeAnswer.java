package io.roomcast.room;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Reply;

/** What a client is told of its SUBSCRIBE, when the join has ended. */
final class SubscribeAnswer implements JoinCallback {
  private final Session session;
  private final Command.Subscribe subscribe;
  private final Limits limits;
  private final Refusals refusals;

  SubscribeAnswer(Session session, Command.Subscribe subscribe, Limits limits, Refusals refusals) {
    this.session = session;
    this.subscribe = subscribe;
    this.limits = limits;
    this.refusals = refusals;
  }

  @Override
  public void done(JoinOutcome outcome, JoinStart start) {
    String id = subscribe.id();
    switch (outcome) {
      case JOINED -> tell(start);
      case CANCELLED -> {
        // The client's own doing; only a reply that is owed is given.
        if (!id.isEmpty()) {
          refusals.refuse(session, id, ErrorCode.CANCELLED, "left before the join was confirmed");
        }
      }
      case TOO_MANY_ROOMS ->
          refusals.refuse(
              session,
              id,
              ErrorCode.TOO_MANY_ROOMS,
              session.roomCount() >= limits.rooms()
                  ? "already in " + limits.rooms() + " rooms, the most that a session may join"
                  : "its user, its address or the server is in as many rooms as may be");
      case UNAVAILABLE ->
          refusals.refuse(
              session, id, ErrorCode.UNAVAILABLE, "the join was not confirmed in time; try again");
    }
  }

  /** Tells a new member where it begins, and what it missed. */
  private void tell(JoinStart start) {
    String id = subscribe.id();
    String room = subscribe.room();
    if (subscribe.since().known()) {
      session.lane().hub().asked(start.recovered());
      session.send(Reply.subscribed(id, room, start.position(), start.recovered()));
    } else if (!id.isEmpty()) {
      session.send(Reply.subscribed(id, room, start.position()));
    }
    session.send(start.missed());
  }
}
