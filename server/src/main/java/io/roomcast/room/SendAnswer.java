package io.roomcast.room;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.Reply;

/** What a client is told of its message, when the broker has it or it could not be sent. */
final class SendAnswer implements Broker.PublishCallback {
  private final Session session;
  private final Command.Send send;
  private final Refusals refusals;

  SendAnswer(Session session, Command.Send send, Refusals refusals) {
    this.session = session;
    this.send = send;
    this.refusals = refusals;
  }

  @Override
  public void done(Broker.PublishOutcome outcome, Position position) {
    if (!outcome.delivered()) {
      session.lane().execute(() -> refusals.refuse(session, send.id(), outcome));
    } else if (!send.id().isEmpty()) {
      byte[] reply = Reply.sent(send.id(), send.room(), position, outcome.local());
      session.lane().execute(() -> session.send(reply));
    }
  }
}
