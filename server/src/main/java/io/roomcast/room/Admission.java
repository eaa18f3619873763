package io.roomcast.room;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Reply;

/** Who is let in: what a session showed, and whether it is still good. */
final class Admission {
  private final String node;
  private final Authenticator authenticator;
  private final Time time;
  private final Refusals refusals;

  /**
   * Makes it.
   *
   * @param node the node's name, for those who connect
   */
  Admission(String node, Authenticator authenticator, Time time, Refusals refusals) {
    this.node = node;
    this.authenticator = authenticator;
    this.time = time;
    this.refusals = refusals;
  }

  /** Whether the session may give this command now. */
  boolean allows(Session session, Command command) {
    return command instanceof Command.Connect
        || command instanceof Command.Refresh
        || command instanceof Command.Ping
        || command instanceof Command.Rejected
        || authenticated(session);
  }

  boolean authenticated(Session session) {
    if (authenticator.open()) {
      return true;
    }
    Authenticator.Identity identity = session.identity();
    return identity != null && identity.expiresMillis() > time.wallMillis();
  }

  boolean expired(Session session) {
    Authenticator.Identity identity = session.identity();
    return identity != null && identity.expiresMillis() <= time.wallMillis();
  }

  void connect(Session session, Command.Connect connect) {
    boolean shows = !connect.token().isEmpty() || !authenticated(session);
    if (shows && !identified(session, connect.id(), connect.token())) {
      return;
    }
    if (!connect.session().isEmpty()) {
      session.id(connect.session());
    }
    session.name(connect.name());
    connected(session, connect.id());
  }

  void refresh(Session session, Command.Refresh refresh) {
    if (identified(session, refresh.id(), refresh.token())) {
      connected(session, refresh.id());
    }
  }

  private void connected(Session session, String id) {
    if (!id.isEmpty()) {
      session.send(Reply.connected(id, session.id(), node));
    }
  }

  private boolean identified(Session session, String id, String token) {
    try {
      session.identity(authenticator.check(token));
      return true;
    } catch (Authenticator.Refused e) {
      refusals.refuse(session, id, ErrorCode.UNAUTHORIZED, String.valueOf(e.getMessage()));
      return false;
    }
  }
}
