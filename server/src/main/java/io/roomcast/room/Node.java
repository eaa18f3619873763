package io.roomcast.room;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One running server's core: a method for each command of a client, and the receiving end of the
 * broker.
 *
 * <p>Methods that take a {@link Session} are called on its lane. Others may be called from any
 * thread.
 */
public final class Node implements Broker.Events {
  private final String name;
  private final Broker broker;
  private final Authenticator authenticator;
  private final Quotas quotas;
  private final Limits limits;
  private final Rulebook rulebook;
  private final Telemetry telemetry;
  private final Time time;
  private final Hub hub;
  private final Refusals refusals;
  private final Sending sending;
  private final Admission admission;
  private final Attendance attendance;
  private volatile boolean draining;

  /** Makes a node no room of which has presence. */
  public Node(
      String name,
      Broker broker,
      Authenticator authenticator,
      Limits limits,
      Rulebook rulebook,
      Telemetry telemetry,
      Time time) {
    this(
        name,
        broker,
        Presence.NONE,
        authenticator,
        new Quotas(limits, time),
        rulebook,
        telemetry,
        time,
        Gate.NONE,
        Visits.NONE);
  }

  /**
   * The same with presence, and with a program of the operator's.
   *
   * @param presence of the rooms whose rules want it
   * @param quotas what clients may cost
   * @param gate decides where rules leave it to the program
   * @param visits hears who joins and leaves
   */
  public Node(
      String name,
      Broker broker,
      Presence presence,
      Authenticator authenticator,
      Quotas quotas,
      Rulebook rulebook,
      Telemetry telemetry,
      Time time,
      Gate gate,
      Visits visits) {
    this.name = name;
    this.broker = broker;
    this.authenticator = authenticator;
    this.quotas = quotas;
    this.limits = quotas.limits();
    this.rulebook = rulebook;
    this.telemetry = telemetry;
    this.time = time;
    this.attendance = new Attendance(presence, rulebook, time);
    this.hub = new Hub(broker, rulebook, limits, attendance, visits);
    this.refusals = new Refusals(telemetry, limits);
    this.sending = new Sending(broker, hub, quotas, refusals, telemetry, time);
    this.admission =
        new Admission(
            name, authenticator, rulebook, refusals, gate, new Revocations(time), this::carry);
  }

  /** Starts the broker, presence, and the count of users. */
  public void start() {
    broker.start(this);
    attendance.start();
    quotas.start();
  }

  public String name() {
    return name;
  }

  public Hub hub() {
    return hub;
  }

  /** Who is in rooms with presence. */
  public Attendance attendance() {
    return attendance;
  }

  public Limits limits() {
    return limits;
  }

  /** What clients have used of what they may. */
  public Quotas quotas() {
    return quotas;
  }

  public Telemetry telemetry() {
    return telemetry;
  }

  public Time time() {
    return time;
  }

  public Authenticator authenticator() {
    return authenticator;
  }

  /** The broker's state. */
  public Broker.Health health() {
    return broker.health();
  }

  /**
   * Has other rules hold from now on, also for the rooms that are there: see PROTOCOL.md. From any
   * thread.
   */
  public void rules(Rulebook rules) {
    rulebook.become(rules);
    hub.rulesChanged();
    hub.forSessions(Integer.MAX_VALUE, admission::recheck);
  }

  /**
   * Goes away: takes no new clients from now on, is not ready, and closes all clients at an even
   * pace. Returns when none is left, or when the time is over. Not to be called from a lane.
   */
  public void drain(Duration within) throws InterruptedException {
    draining = true;
    new Drain(hub, within).run();
  }

  /** Whether the node is going away: it takes no new clients and is not ready. */
  public boolean draining() {
    return draining;
  }

  /** Adds a lane for an event loop, before any session comes. */
  public Lane addLane(Executor loop, BooleanSupplier inLoop) {
    return addLane(loop, loop, inLoop);
  }

  /**
   * The same for a loop that runs tasks one after another for as long as there are any.
   *
   * @param inLoop whether the calling thread is the loop's
   * @param later runs a task in the loop too, but after it has looked at its sockets
   */
  public Lane addLane(Executor loop, Executor later, BooleanSupplier inLoop) {
    return hub.addLane(loop, later, inLoop, time, telemetry);
  }

  /** Begins a session on its lane, wherever it comes from. */
  public Session open(Lane lane, Transport transport) {
    return open(lane, transport, quotas.bill(""));
  }

  /** The same with what its connection has been charged with already; the session ends it. */
  public Session open(Lane lane, Transport transport, Bill bill) {
    assert lane.owned();
    Session session = new Session(lane, transport, bill);
    bill.opened(session);
    lane.sessions().add(session);
    telemetry.opened();
    return session;
  }

  /**
   * Ends a session whose wire has gone or is about to: it leaves its rooms. A second call is
   * without effect.
   *
   * @param code the close code; 1006 when there was none
   */
  public void ended(Session session, int code) {
    assert session.lane().owned();
    if (session.end()) {
      session.lane().sessions().remove(session);
      telemetry.closed(code);
    }
  }

  /**
   * Takes the bytes of what a client says from its allowance.
   *
   * @return what its commands are to be refused with; null when they may be carried out
   */
  public @Nullable Denial pay(Session session, int bytes) {
    return session.bill().pay(Cost.BYTES, bytes);
  }

  /** Tells a client that a command is not carried out. */
  public void refuse(Session session, Command command, Denial denial) {
    assert session.lane().owned();
    refusals.refuse(session, command.id(), denial);
  }

  /** Carries out a client's command. */
  public void handle(Session session, Command command) {
    assert session.lane().owned();
    if (session.closed()) {
      return;
    }
    Denial denial = session.bill().pay(Cost.COMMANDS, 1);
    if (denial != null) {
      refusals.refuse(session, command.id(), denial);
      return;
    }
    admission.admit(session, command);
  }

  private void carry(Session session, Command command) {
    switch (command) {
      case Command.Connect connect -> admission.connect(session, connect);
      case Command.Subscribe subscribe -> subscribe(session, subscribe);
      case Command.Unsubscribe unsubscribe -> unsubscribe(session, unsubscribe);
      case Command.Send send -> sending.send(session, send);
      case Command.History history ->
          new HistoryAnswer(session, history, limits, refusals, broker).ask(rulebook);
      case Command.Presence presence ->
          new PresenceAnswer(session, presence, refusals).ask(attendance);
      case Command.Refresh refresh -> admission.refresh(session, refresh);
      case Command.Ping ping -> session.send(Reply.pong(ping.id()));
      case Command.Rejected rejected ->
          refusals.refuse(session, rejected.id(), rejected.code(), rejected.text());
    }
  }

  /** A room's rules. From any thread. */
  public Rules rules(String room) {
    return rulebook.of(room);
  }

  /** Whether somebody may do something in a room, by its rules. From any thread. */
  public Permission permission(Authenticator.Identity identity, Action action, String room) {
    return admission.permission(identity, action, room);
  }

  /** Who is let in, and may do what. */
  public Admission admission() {
    return admission;
  }

  /** Says who the session is, from a token shown outside of a command. */
  public void identify(Session session, Authenticator.Identity identity) {
    assert session.lane().owned();
    admission.identify(session, identity);
  }

  private void subscribe(Session session, Command.Subscribe subscribe) {
    Denial denial = session.bill().pay(Cost.JOINS, 1);
    if (denial != null) {
      refusals.refuse(session, subscribe.id(), denial);
      return;
    }
    JoinFrom from = new JoinFrom(subscribe.since(), subscribe.last());
    Permission past = admission.permission(session, Action.HISTORY, subscribe.room());
    if (subscribe.last() > 0 && past != Permission.GRANTED) {
      refusals.refuse(session, subscribe.id(), past.error(), past.text(Action.HISTORY));
      return;
    }
    join(
        session,
        subscribe.room(),
        past == Permission.GRANTED ? from : JoinFrom.NOW,
        new SubscribeAnswer(session, subscribe, limits, refusals));
  }

  /** Lets a session join a room. */
  public void join(Session session, String room, JoinFrom from, JoinCallback callback) {
    assert session.lane().owned();
    if (session.closed()) {
      callback.done(JoinOutcome.CANCELLED, JoinStart.NOW);
      return;
    }
    Room known = session.lane().find(room);
    boolean counted = known != null && session.placeIn(known) != Session.NONE;
    if (!counted && (session.roomCount() >= limits.rooms() || !session.bill().reserveRoom())) {
      callback.done(JoinOutcome.TOO_MANY_ROOMS, JoinStart.NOW);
      return;
    }
    session.lane().enter(room).join(session, from, callback, limits.joinWait().toMillis());
    session.bill().settleRoom();
  }

  private void unsubscribe(Session session, Command.Unsubscribe unsubscribe) {
    Room room = session.lane().find(unsubscribe.room());
    if (room != null) {
      // What is there for the room still reaches who asks to leave in the same breath.
      session.lane().settle();
      room.leave(session);
    }
    if (!unsubscribe.id().isEmpty()) {
      session.send(Reply.unsubscribed(unsubscribe.id(), unsubscribe.room()));
    }
  }

  /**
   * Publishes to a room. From any thread.
   *
   * @param message one well-formed JSON value in UTF-8, within {@link Limits#messageBytes}
   * @param from the sender's public id, or empty
   * @param exclude the session that is not to get it, or empty
   * @param key names this publish in its room, so that a repeat is the same message; or empty
   */
  public void publish(
      String room,
      byte[] message,
      String from,
      String exclude,
      String key,
      Broker.PublishCallback callback) {
    publish(room, message, from, exclude, key, "", callback);
  }

  /** The same, as part of a trace: {@code trace} is a W3C {@code traceparent}, or empty. */
  public void publish(
      String room,
      byte[] message,
      String from,
      String exclude,
      String key,
      String trace,
      Broker.PublishCallback callback) {
    sending.publish(room, message, from, exclude, key, trace, callback);
  }

  /** The rooms' logs, for who is no session. */
  public Logs logs() {
    return new Logs(broker, rulebook, limits);
  }

  @Override
  public void onEvent(RoomEvent event) {
    switch (event) {
      case Publication publication -> hub.dispatch(publication);
      case RoomEvent.Subscribed subscribed -> {
        attendance.confirmed(subscribed.room());
        hub.dispatch(subscribed);
      }
      case RoomEvent.Present present -> attendance.take(present);
    }
  }

  @Override
  public void onInterrupted(Predicate<String> stopped) {
    hub.interrupted(stopped);
    attendance.interrupted(stopped);
  }

  @Override
  public void onDropped(DropReason reason) {
    telemetry.dropped(reason, 1);
  }

  /** The rooms that have members here; see {@link Hub#rooms}. */
  public List<Hub.RoomInfo> rooms(String prefix, String after, int limit) {
    return hub.rooms(prefix, after, limit);
  }
}
