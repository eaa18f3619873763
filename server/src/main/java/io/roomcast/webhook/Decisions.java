package io.roomcast.webhook;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Action;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Gate;
import io.roomcast.room.Grants;
import io.roomcast.room.Permission;
import io.roomcast.room.Time;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the operator's program decide: who a token speaks for, and what may be done in rooms whose
 * rules leave it to the program. Thread-safe.
 *
 * <p>At most {@value #MOST_UNDER_WAY} questions are under way, and at most {@value #MOST_KEPT}
 * answers are kept, each for as long as the program said.
 */
final class Decisions implements Authenticator, Gate {
  static final int MOST_UNDER_WAY = 256;
  static final int MOST_KEPT = 10_000;

  /** How long a token is good when the program does not say. */
  private static final long TOKEN_MILLIS = 3_600_000;

  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

  private final Hook hook;
  private final Time time;
  private final Breaker breaker;
  private final Counts counts;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Map<String, Kept> kept = new Bounded();

  private record Kept(Answers answer, long until) {}

  /** Gives up what was used longest ago. */
  private static final class Bounded extends LinkedHashMap<String, Kept> {
    private static final long serialVersionUID = 1L;

    Bounded() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
      return size() > MOST_KEPT;
    }
  }

  Decisions(Hook hook, Time time, Counts counts) {
    this.hook = hook;
    this.time = time;
    this.breaker = new Breaker(time);
    this.counts = counts;
  }

  @Override
  public boolean open() {
    return false;
  }

  @Override
  public void check(String token, Consumer<Verdict> verdict) {
    if (token.isEmpty()) {
      verdict.accept(new Refused("a token is needed"));
      return;
    }
    if (token.length() > WireLimits.TOKEN_CHARS) {
      verdict.accept(
          new Refused("the token is longer than " + WireLimits.TOKEN_CHARS + " characters"));
      return;
    }
    StringBuilder body = new StringBuilder("{\"type\":\"connect\",\"token\":");
    Json.quote(token, body);
    byte[] json = body.append('}').toString().getBytes(StandardCharsets.UTF_8);
    decide(
        "connect " + digest(token), json, (answer, none) -> verdict.accept(verdict(answer, none)));
  }

  private Verdict verdict(@Nullable Answers answer, Permission otherwise) {
    if (answer == null) {
      return new Refused(otherwise.error(), "the token cannot be checked now; try again");
    }
    if (!answer.allow()) {
      return new Refused("the token is not good for this server");
    }
    long until = answer.expires() == 0 ? time.wallMillis() + TOKEN_MILLIS : answer.expires() * 1000;
    return until <= time.wallMillis()
        ? new Refused("the token has expired")
        : new Identity(Kind.USER, answer.user(), until, 0, "", answer.info(), Grants.NONE);
  }

  @Override
  public void ask(Question question, Consumer<Permission> to) {
    String asker =
        question.identity().user().isEmpty()
            ? "s" + question.session()
            : "u" + question.identity().user();
    String key = question.action().word() + ' ' + question.room() + '\n' + asker;
    decide(
        key,
        json(question),
        (answer, none) ->
            to.accept(
                answer == null ? none : answer.allow() ? Permission.GRANTED : Permission.DENIED));
  }

  private static byte[] json(Question question) {
    StringBuilder body = new StringBuilder("{\"type\":\"").append(question.action().word());
    body.append("\",\"room\":");
    Json.quote(question.room(), body);
    body.append(",\"user\":");
    Json.quote(question.identity().user(), body);
    body.append(",\"session\":");
    Json.quote(question.session(), body);
    if (question.action() == Action.SEND) {
      body.append(",\"message\":");
      body.append(new String(question.message(), StandardCharsets.UTF_8));
    }
    return body.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Hears an answer, or what stood in its way. */
  private interface Answered {
    void with(@Nullable Answers answer, Permission otherwise);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What comes of it is told to whenComplete.
  private void decide(String key, byte[] json, Answered to) {
    Answers known = known(key);
    if (known != null) {
      counts.add(Counts.Result.CACHED);
      to.with(known, Permission.UNDECIDED);
      return;
    }
    if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
      underWay.decrementAndGet();
      counts.add(Counts.Result.BUSY);
      to.with(null, Permission.BUSY);
      return;
    }
    if (!breaker.allows()) {
      underWay.decrementAndGet();
      counts.add(Counts.Result.SPARED);
      to.with(null, Permission.UNDECIDED);
      return;
    }
    hook.post("application/json", json)
        .whenComplete(
            (response, error) -> {
              underWay.decrementAndGet();
              to.with(answer(key, response, error), Permission.UNDECIDED);
            });
  }

  private @Nullable Answers answer(
      String key, @Nullable HttpResponse<byte[]> response, @Nullable Throwable error) {
    try {
      if (response == null) {
        throw new IOException(error == null ? "no answer" : error.getClass().getSimpleName());
      }
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      Answers answer = Answers.read(response.body());
      breaker.answered();
      counts.add(answer.allow() ? Counts.Result.ALLOWED : Counts.Result.DENIED);
      keep(key, answer);
      return answer;
    } catch (IOException e) {
      boolean before = breaker.open();
      breaker.failed();
      counts.add(Counts.Result.FAILED);
      if (!before && breaker.open()) {
        LOG.warn("the webhook at {} does not decide: {}", hook.name(), e.getMessage());
      }
      return null;
    }
  }

  private @Nullable Answers known(String key) {
    synchronized (kept) {
      Kept one = kept.get(key);
      if (one == null) {
        return null;
      }
      if (one.until() <= time.millis()) {
        kept.remove(key);
        return null;
      }
      return one.answer();
    }
  }

  private void keep(String key, Answers answer) {
    if (answer.cacheSeconds() > 0) {
      synchronized (kept) {
        kept.put(key, new Kept(answer, time.millis() + 1000L * answer.cacheSeconds()));
      }
    }
  }

  /** Tokens are not kept as they are. */
  private static String digest(String token) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder().encodeToString(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
