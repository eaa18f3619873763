package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Cluster;
import io.roomcast.room.ClusterAnswer;
import io.roomcast.room.ClusterAnswer.SessionInfo;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.ClusterCommand.Who;
import io.roomcast.room.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Function;

/**
 * Below <code>/v1/users/{user}</code> and <code>/v1/sessions/{session}</code>: whose sessions there
 * are, on any node, and what is done to them.
 *
 * @param user whether the path names a user, or a session
 */
record SessionsRoute(ServerApi api, boolean user) {
  /** Of one user on one node; more are not listed. */
  private static final int MOST = 100;

  void list(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.READ);
    Who who = who(exchange);
    ask(exchange, new ClusterCommand.Sessions(who, MOST), SessionsRoute::list);
  }

  void disconnect(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.CONTROL);
    Who who = who(exchange);
    JsonBody body = JsonBody.parse(exchange.body(), Set.of("reconnect", "text"));
    CloseCode code = body.flag("reconnect") ? CloseCode.RECONNECT : CloseCode.DISCONNECTED;
    String text = body.text("text");
    try {
      change(
          exchange, new ClusterCommand.Disconnect(who, code, text.isEmpty() ? code.text() : text));
    } catch (IllegalArgumentException e) {
      throw Problem.invalidField(String.valueOf(e.getMessage()));
    }
  }

  void join(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.CONTROL);
    change(exchange, new ClusterCommand.Join(who(exchange), exchange.room(4)));
  }

  void leave(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.CONTROL);
    change(exchange, new ClusterCommand.Leave(who(exchange), exchange.room(4)));
  }

  private Who who(Exchange exchange) throws Problem {
    try {
      return new Who(user, exchange.target().path().get(2));
    } catch (IllegalArgumentException e) {
      throw Problem.invalidField(
          (user ? "the user" : "the session")
              + " must be 1 to "
              + WireLimits.NAME_BYTES
              + " bytes without control characters");
    }
  }

  private void ask(
      Exchange exchange, ClusterCommand command, Function<Cluster.Answers, byte[]> json) {
    api.cluster()
        .ask(
            command,
            answers ->
                exchange.onLane(
                    () ->
                        exchange.answer(Answer.json(HttpResponseStatus.OK, json.apply(answers)))));
  }

  /** Whoever asks for a change is told when it may not have happened everywhere. */
  private void change(Exchange exchange, ClusterCommand command) {
    api.cluster().ask(command, answers -> exchange.onLane(() -> changed(exchange, answers)));
  }

  static void changed(Exchange exchange, Cluster.Answers answers) {
    if (answers.complete()) {
      exchange.answer(Answer.json(HttpResponseStatus.OK, done(answers)));
    } else {
      exchange.fail(
          Problem.temporary(
              ErrorCode.UNAVAILABLE,
              answers.reached()
                  ? answers.silent() + " nodes did not answer; on the others it is done; try again"
                  : "other nodes could not be asked; on this one it is done; try again"));
    }
  }

  private static byte[] done(Cluster.Answers answers) {
    int sessions = 0;
    int failed = 0;
    for (ClusterAnswer.Done done : answers.of(ClusterAnswer.Done.class)) {
      sessions += done.sessions();
      failed += done.failed();
    }
    return ("{\"sessions\":" + sessions + ",\"failed\":" + failed + "}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] list(Cluster.Answers answers) {
    StringBuilder out = new StringBuilder(256).append("{\"sessions\":[");
    boolean more = false;
    for (ClusterAnswer.Sessions sessions : answers.of(ClusterAnswer.Sessions.class)) {
      more |= sessions.more();
      for (SessionInfo session : sessions.sessions()) {
        session(session, sessions.node(), out);
      }
    }
    if (out.charAt(out.length() - 1) == ',') {
      out.setLength(out.length() - 1);
    }
    out.append("],\"more\":").append(more);
    if (!answers.complete()) {
      out.append(",\"complete\":false");
    }
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void session(SessionInfo session, String node, StringBuilder out) {
    out.append("{\"session\":");
    Json.quote(session.session(), out);
    if (!session.user().isEmpty()) {
      out.append(",\"user\":");
      Json.quote(session.user(), out);
    }
    out.append(",\"node\":");
    Json.quote(node, out);
    out.append(",\"wire\":");
    Json.quote(session.wire(), out);
    out.append(",\"rooms\":[");
    for (int i = 0; i < session.rooms().size(); i++) {
      out.append(i == 0 ? "" : ",");
      Json.quote(session.rooms().get(i), out);
    }
    out.append("]},");
  }
}
