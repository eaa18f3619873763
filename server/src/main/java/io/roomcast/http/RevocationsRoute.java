package io.roomcast.http;

import io.roomcast.room.ClusterCommand;
import io.roomcast.room.Node;
import io.roomcast.room.Revocation;
import io.roomcast.room.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** {@code POST /v1/revocations}: a user's tokens, a session or a token are not good any more. */
record RevocationsRoute(Node node, ServerApi api) implements Route.Handler {
  /** For how long, in seconds, when nothing else is said. */
  private static final long DEFAULT_SECONDS = 24 * 3600;

  private static final long MOST_SECONDS = Revocation.LONGEST_MILLIS / 1000;

  @Override
  public void handle(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.CONTROL);
    JsonBody body = JsonBody.parse(exchange.body(), Set.of("kind", "value", "seconds"));
    Revocation.Kind kind =
        Revocation.Kind.of(body.text("kind"))
            .orElseThrow(() -> Problem.invalidField("kind must be user, session or token"));
    long now = node.time().wallMillis();
    Revocation revocation;
    try {
      revocation = new Revocation(kind, body.text("value"), now, now + 1000 * seconds(body));
    } catch (IllegalArgumentException e) {
      throw Problem.invalidField("value: " + e.getMessage());
    }
    api.cluster()
        .ask(
            new ClusterCommand.Revoke(revocation),
            answers -> exchange.onLane(() -> SessionsRoute.changed(exchange, answers)));
  }

  private static long seconds(JsonBody body) throws Problem {
    String text = new String(body.raw("seconds"), StandardCharsets.US_ASCII);
    if (text.isEmpty()) {
      return DEFAULT_SECONDS;
    }
    if (text.matches("[0-9]{1,7}")) {
      long seconds = Long.parseLong(text);
      if (seconds >= 1 && seconds <= MOST_SECONDS) {
        return seconds;
      }
    }
    throw Problem.invalidField("seconds must be a whole number from 1 to " + MOST_SECONDS);
  }
}
