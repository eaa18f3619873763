package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.room.Action;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Authenticator.Verdict;
import io.roomcast.room.Bill;
import io.roomcast.room.Cost;
import io.roomcast.room.Denial;
import io.roomcast.room.Gate;
import io.roomcast.room.Node;
import io.roomcast.room.Origins;
import io.roomcast.room.Permission;
import io.roomcast.room.Scope;

/**
 * Who may use the API: by bearer token or by API key, whichever the port is for, and for web pages
 * by where they come from.
 */
record Access(Node node, Origins origins, ServerApi api, Port port) {
  private static final String SCHEME = "Bearer ";
  private static final byte[] NOTHING = {};
  private static final String PARAMETER = "access_token";

  /** What is done for a caller who may. On the lane. */
  @FunctionalInterface
  interface Then {
    void with(Identity caller) throws Problem;
  }

  /** What is to be sent, read only when it is needed. */
  @FunctionalInterface
  interface Message {
    byte[] json() throws Problem;
  }

  /** Refuses a web page from elsewhere. */
  void checkOrigin(HttpHeaders headers) throws Problem {
    String origin = headers.get(HttpHeaderNames.ORIGIN, "");
    if (headers.getAll(HttpHeaderNames.ORIGIN).size() > 1
        || !origins.allowed(origin, headers.get(HttpHeaderNames.HOST, ""))) {
      throw Problem.of(
          HttpResponseStatus.FORBIDDEN,
          ErrorCode.FORBIDDEN,
          origin.isEmpty()
              ? "this server is open to its own machine only, and not by the name in Host; the"
                  + " origin of that name would have to be allowed"
              : "web pages of this origin may not use the server");
    }
  }

  /**
   * Lets through who may do this in that room: by its rules, or a server by a key with this scope.
   */
  void admit(Exchange exchange, Scope scope, Action action, String room, Then then) throws Problem {
    admit(exchange, scope, action, room, () -> NOTHING, then);
  }

  /**
   * The same for a message.
   *
   * @param message for the operator's program, where that is to decide
   */
  void admit(Exchange exchange, Scope scope, Action action, String room, Message message, Then then)
      throws Problem {
    identify(
        exchange,
        scope,
        caller -> {
          Permission permission = node.permission(caller, action, room);
          if (permission == Permission.ASK) {
            node.admission()
                .ask(
                    new Gate.Question(action, room, caller, "", message.json()),
                    answer ->
                        exchange.onLane(() -> settle(exchange, answer, action, caller, then)));
          } else {
            require(permission, action);
            then.with(caller);
          }
        });
  }

  private static void settle(
      Exchange exchange, Permission answer, Action action, Identity caller, Then then) {
    try {
      require(answer, action);
      then.with(caller);
    } catch (Problem e) {
      exchange.fail(e);
    }
  }

  private static void require(Permission permission, Action action) throws Problem {
    if (permission == Permission.GRANTED) {
      return;
    }
    ErrorCode error = permission.error();
    if (error == ErrorCode.UNAUTHORIZED) {
      throw unauthorized("a token is needed: Authorization: Bearer <token>", "Bearer");
    }
    throw error.temporary()
        ? Problem.temporary(error, permission.text(action))
        : Problem.of(HttpResponseStatus.FORBIDDEN, error, permission.text(action));
  }

  private void identify(Exchange exchange, Scope scope, Then then) throws Problem {
    boolean key = api.shown(exchange.headers());
    if (key && !port.forOperators()) {
      throw unauthorized("API keys are taken on the admin port alone", "Bearer");
    }
    if (key || !port.forClients()) {
      api.check(exchange.headers(), scope);
      then.with(Identity.SERVER);
      return;
    }
    String token = token(exchange);
    if (token.isEmpty()) {
      charge(exchange, "");
      then.with(Identity.ANONYMOUS);
    } else {
      node.admission()
          .check(token, verdict -> exchange.onLane(() -> carryOn(exchange, verdict, then)));
    }
  }

  /** Takes a request from what its user and its address may do. */
  private void charge(Exchange exchange, String user) throws Problem {
    Bill bill = node.quotas().bill(exchange.address(node.quotas()));
    bill.become(user);
    Denial denial = bill.pay(Cost.COMMANDS, 1);
    if (denial == null) {
      denial = bill.pay(Cost.BYTES, exchange.body().length);
    }
    bill.end();
    if (denial != null) {
      throw Problem.of(denial);
    }
  }

  private void carryOn(Exchange exchange, Verdict verdict, Then then) {
    try {
      charge(exchange, verdict instanceof Identity caller ? caller.user() : "");
      switch (verdict) {
        case Identity caller -> then.with(caller);
        case Refused no when no.code().temporary() ->
            throw Problem.temporary(no.code(), no.reason());
        case Refused no -> throw unauthorized(no.reason(), "Bearer error=\"invalid_token\"");
      }
    } catch (Problem e) {
      exchange.fail(e);
    }
  }

  /** The token that was shown; empty when there is none. */
  private String token(Exchange exchange) throws Problem {
    String header = exchange.header(HttpHeaderNames.AUTHORIZATION);
    if (header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return header.substring(SCHEME.length()).trim();
    }
    String shown = exchange.target().query(PARAMETER);
    if (!shown.isEmpty() && !node.authenticator().open() && !node.authenticator().inUrl()) {
      throw unauthorized("no token in the URL, but: Authorization: Bearer <token>", "Bearer");
    }
    return node.authenticator().inUrl() ? shown : "";
  }

  private static Problem unauthorized(String detail, String challenge) {
    return Problem.of(HttpResponseStatus.UNAUTHORIZED, ErrorCode.UNAUTHORIZED, detail)
        .with(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
  }
}
