package io.roomcast.room;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.Event;

/** The way of a message from a client or an API caller to the broker. */
final class Sending {
  private final Broker broker;
  private final Hub hub;
  private final Quotas quotas;
  private final Refusals refusals;
  private final Telemetry telemetry;
  private final Time time;

  Sending(
      Broker broker, Hub hub, Quotas quotas, Refusals refusals, Telemetry telemetry, Time time) {
    this.broker = broker;
    this.hub = hub;
    this.quotas = quotas;
    this.refusals = refusals;
    this.telemetry = telemetry;
    this.time = time;
  }

  /**
   * Sends at once; but what a client sends to a room right behind its SUBSCRIBE waits until it is
   * in, so that it gets its own message although the broker confirms the one later than it takes
   * the other. While the broker is away nothing waits: the send fails as it should.
   */
  void send(Session session, Command.Send send) {
    Rules rules = hub.rulebook().of(send.room());
    int length = send.message().length;
    Denial denial =
        quotas.send(rules, send.room(), length, session.bill(), session.identity().user(), "");
    if (denial != null) {
      refusals.refuse(session, send.id(), denial);
      return;
    }
    Room room = session.lane().find(send.room());
    boolean joining = room != null && session.placeIn(room) == Session.WAITING;
    if (room == null || !joining || !broker.health().ready()) {
      publish(session, send);
    } else if (!session.hold(room, () -> publish(session, send))) {
      refusals.refuse(session, send.id(), Broker.PublishOutcome.OVERLOADED);
    }
  }

  private void publish(Session session, Command.Send send) {
    publish(
        send.room(),
        send.message(),
        session.from(),
        send.echo() ? "" : session.id(),
        send.key(),
        "",
        new SendAnswer(session, send, refusals));
  }

  /** See {@link Node#publish}. */
  void publish(
      String room,
      byte[] message,
      String from,
      String exclude,
      String key,
      String trace,
      Broker.PublishCallback callback) {
    telemetry.received();
    Rules rules = hub.rulebook().of(room);
    long millis = rules.log() ? time.wallMillis() : 0;
    byte[] json = Event.message(room, message, from, millis, key, trace);
    Publication publication = new Publication(room, json, exclude);
    broker.publish(publication, key, rules.local() ? locally(publication, callback) : callback);
  }

  /** Serves this node's members where the broker certainly has not got it, and never will. */
  private Broker.PublishCallback locally(Publication publication, Broker.PublishCallback callback) {
    return (outcome, position) -> {
      if (outcome == Broker.PublishOutcome.UNAVAILABLE) {
        hub.dispatchLocally(publication);
        callback.done(Broker.PublishOutcome.LOCAL, position);
      } else {
        callback.done(outcome, position);
      }
    };
  }
}
