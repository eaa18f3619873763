package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Command;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.LeaveCode;
import io.roomcast.protocol.Reply;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Authenticator.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who is let in, and what they may do: what a session showed, and what rooms' rules say to it. */
public final class Admission {
  private static final byte[] NOTHING = {};

  private final String node;
  private final Authenticator authenticator;
  private final Rulebook rulebook;
  private final Refusals refusals;
  private final Gate gate;
  private final Revocations revocations;
  private final BiConsumer<Session, Command> carry;

  /**
   * Makes it.
   *
   * @param node the node's name, for those who connect
   * @param carry carries out what is admitted, on the session's lane
   */
  Admission(
      String node,
      Authenticator authenticator,
      Rulebook rulebook,
      Refusals refusals,
      Gate gate,
      Revocations revocations,
      BiConsumer<Session, Command> carry) {
    this.node = node;
    this.authenticator = authenticator;
    this.rulebook = rulebook;
    this.refusals = refusals;
    this.gate = gate;
    this.revocations = revocations;
    this.carry = carry;
  }

  /** Checks a token. From any thread; the verdict may come on any. */
  public void check(String token, Consumer<Verdict> verdict) {
    authenticator.check(
        token,
        checked -> {
          boolean revoked = checked instanceof Identity identity && revocations.cover(identity);
          verdict.accept(revoked ? new Refused("the token has been revoked") : checked);
        });
  }

  /**
   * From now on something is not good any more.
   *
   * @return whether that is news
   * @throws IllegalStateException when too much is remembered already
   */
  boolean revoke(Revocation revocation) {
    return revocations.add(revocation);
  }

  /** Whether a session may not be there any more. On its lane. */
  boolean revoked(Session session) {
    return revocations.cover(session.identity()) || revocations.coverSession(session.knownId());
  }

  /** Whether the session's token was good and has run out. */
  public boolean expired(Session session) {
    return session.expired();
  }

  /** Whether it may stay without showing a token: where rules let everybody do something. */
  public boolean mayStay(Session session) {
    return authenticator.open() || session.identity().signedIn() || rulebook.anonymous();
  }

  /** Whether somebody may do something in a room; see {@link Permission}. From any thread. */
  Permission permission(Identity identity, Action action, String room) {
    return permission(identity, action, room, 0);
  }

  private Permission permission(Identity identity, Action action, String room, int granted) {
    WhoMay whoMay = rulebook.of(room).whoMay();
    return Permission.of(whoMay, action, room, identity, granted, authenticator.open());
  }

  Permission permission(Session session, Action action, String room) {
    return permission(session.identity(), action, room, session.granted(room));
  }

  /**
   * Has a command carried out if it may be: now, or when that has been decided, and then before any
   * later one of the session.
   */
  void admit(Session session, Command command) {
    if (!session.waits()) {
      take(session, command);
    } else if (!session.deferred().defer(command)) {
      refusals.refuse(
          session,
          command.id(),
          ErrorCode.OVERLOADED,
          "too many commands wait for an earlier one; send slower");
    }
  }

  private void take(Session session, Command command) {
    if (command instanceof Command.Subscribe subscribe
        && !subscribe.token().isEmpty()
        && !authenticator.open()) {
      showRoomToken(session, subscribe);
    } else {
      obey(session, command);
    }
  }

  private void obey(Session session, Command command) {
    switch (allows(session, command)) {
      case GRANTED -> carry.accept(session, command);
      case ASK -> ask(session, command);
      default -> {
        // It has been told.
      }
    }
  }

  /**
   * Lets the session's later commands wait.
   *
   * @return carries them out; to be called on the lane
   */
  private Runnable pause(Session session) {
    session.deferred().taken(1);
    return () -> {
      session.deferred().taken(-1);
      Command next;
      while (!session.closed() && (next = session.deferred().next()) != null) {
        take(session, next);
      }
      session.rest();
    };
  }

  /** Whether the session may give this command now; tells it when not. */
  private Permission allows(Session session, Command command) {
    Action action = action(command);
    if (action == null) {
      boolean free = !(command instanceof Command.Unsubscribe) || mayStay(session);
      return free ? Permission.GRANTED : refuseUnknown(session, command);
    }
    if (!mayStay(session)) {
      return refuseUnknown(session, command);
    }
    return told(session, command, permission(session, action, room(command)));
  }

  /** What a command does in the room that it names. */
  private static @Nullable Action action(Command command) {
    return switch (command) {
      case Command.Subscribe subscribe -> Action.JOIN;
      case Command.Send send -> Action.SEND;
      case Command.History history -> Action.HISTORY;
      case Command.Presence presence -> Action.MEMBERS;
      default -> null;
    };
  }

  private static String room(Command command) {
    return switch (command) {
      case Command.Subscribe subscribe -> subscribe.room();
      case Command.Send send -> send.room();
      case Command.History history -> history.room();
      case Command.Presence presence -> presence.room();
      default -> "";
    };
  }

  private Permission told(Session session, Command command, Permission permission) {
    Action action = action(command);
    if (permission != Permission.GRANTED && permission != Permission.ASK && action != null) {
      refusals.refuse(session, command.id(), permission.error(), permission.text(action));
    }
    return permission;
  }

  private Permission refuseUnknown(Session session, Command command) {
    refusals.refuse(
        session,
        command.id(),
        ErrorCode.UNAUTHORIZED,
        "a valid token is needed first: {\"type\":\"connect\",\"token\":\"…\"}");
    return Permission.NEEDS_USER;
  }

  /** Has it decided where the rules leave that to the operator's program. From any thread. */
  public void ask(Gate.Question question, Consumer<Permission> answer) {
    gate.ask(question, answer);
  }

  /** Has the operator's program decide about a command. */
  private void ask(Session session, Command command) {
    Action action = action(command);
    if (action == null) {
      return;
    }
    Runnable resume = pause(session);
    byte[] message = command instanceof Command.Send send ? send.message() : NOTHING;
    gate.ask(
        new Gate.Question(action, room(command), session.identity(), session.id(), message),
        answer ->
            onLane(
                session,
                () -> {
                  if (!session.closed() && told(session, command, answer) == Permission.GRANTED) {
                    carry.accept(session, command);
                  }
                  resume.run();
                }));
  }

  void connect(Session session, Command.Connect connect) {
    if (connect.token().isEmpty() && mayStay(session)) {
      named(session, connect);
      return;
    }
    check(
        session,
        connect.id(),
        connect.token(),
        identity -> {
          identify(session, identity);
          named(session, connect);
        });
  }

  private void named(Session session, Command.Connect connect) {
    if (revocations.coverSession(connect.session())) {
      session.close(CloseCode.INVALID_TOKEN, "the session has been revoked", 0);
      return;
    }
    if (!connect.session().isEmpty()) {
      session.id(connect.session());
    }
    session.name(connect.name());
    connected(session, connect.id());
  }

  void refresh(Session session, Command.Refresh refresh) {
    check(
        session,
        refresh.id(),
        refresh.token(),
        identity -> {
          identify(session, identity);
          connected(session, refresh.id());
        });
  }

  private void connected(Session session, String id) {
    if (!id.isEmpty()) {
      session.send(Reply.connected(id, session.id(), node));
    }
  }

  /** Says who the session is. What it may not do any more in the rooms that it is in, it loses. */
  void identify(Session session, Identity identity) {
    if (revocations.cover(identity)) {
      // Since it was checked; whoever revoked it has looked for its sessions already.
      session.close(CloseCode.INVALID_TOKEN, "the token has been revoked", 0);
      return;
    }
    Denial denial = identity.signedIn() ? session.bill().become(identity.user()) : null;
    if (denial != null) {
      Bill.close(session, denial);
    } else if (identity.signedIn()) {
      List<Room> allowed = new ArrayList<>();
      session.forEachRoom(
          room -> {
            if (permission(session, Action.JOIN, room.name()) == Permission.GRANTED) {
              allowed.add(room);
            }
          });
      session.credentials(this::recheck).show(identity);
      // Where it is by the server's doing it stays.
      allowed.forEach(room -> recheck(session, room));
    }
  }

  /** Takes the token for a single room, and then the command. */
  private void showRoomToken(Session session, Command.Subscribe subscribe) {
    String room = subscribe.room();
    check(
        session,
        subscribe.id(),
        subscribe.token(),
        identity -> {
          String user = session.identity().user();
          if (!identity.user().isEmpty() && !identity.user().equals(user)) {
            refusals.refuse(
                session, subscribe.id(), ErrorCode.FORBIDDEN, "the token is for another user");
          } else if (!identity.grants().allow(Action.JOIN, room)) {
            refusals.refuse(
                session,
                subscribe.id(),
                ErrorCode.FORBIDDEN,
                "the token does not allow to join this room");
          } else {
            session.credentials(this::recheck).show(room, identity);
            obey(session, subscribe);
            session.forgetTokenUnlessIn(room);
          }
        });
  }

  /** Takes a session out of the rooms that it may not be in any more, and says so. */
  void recheck(Session session) {
    session.forEachRoom(room -> recheck(session, room));
  }

  private void recheck(Session session, Room room) {
    Permission permission = permission(session, Action.JOIN, room.name());
    // What was asked for once, and granted, stays.
    if (permission != Permission.GRANTED
        && permission != Permission.ASK
        && session.placeIn(room) != Session.NONE) {
      Control.takeOut(session, room, LeaveCode.FORBIDDEN);
    }
  }

  /** The token for a single room is over. */
  private void recheck(Session session, String name) {
    Room room = session.lane().find(name);
    if (room != null) {
      recheck(session, room);
    }
  }

  /** Asks for a verdict, and comes back to the session's lane with it. */
  private void check(Session session, String id, String token, Consumer<Identity> good) {
    Runnable resume = pause(session);
    check(
        token,
        verdict ->
            onLane(
                session,
                () -> {
                  switch (verdict) {
                    case Identity identity when session.closed() -> {}
                    case Identity identity -> good.accept(identity);
                    case Refused no -> refusals.refuse(session, id, no.code(), no.reason());
                  }
                  resume.run();
                }));
  }

  private static void onLane(Session session, Runnable task) {
    if (session.lane().owned()) {
      task.run();
    } else {
      session.lane().execute(task);
    }
  }
}
