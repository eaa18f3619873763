package io.roomcast.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.roomcast.protocol.ErrorCode;
import io.roomcast.room.Action;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Gate;
import io.roomcast.room.Permission;
import io.roomcast.testing.HookServer;
import io.roomcast.testing.HookServer.Answer;
import io.roomcast.testing.ManualTime;
import io.roomcast.testing.Verdicts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that decides, over a real connection. */
final class DecisionsIT {
  private static final String SECRET = "a-webhook-secret-of-32-characters";

  private final ManualTime time = new ManualTime();
  private final Counts counts = new Counts();
  private HookServer program;
  private Decisions decisions;
  private Hook hook;

  @BeforeEach
  void start() throws IOException {
    program = new HookServer();
    within(Duration.ofSeconds(5));
  }

  private void within(Duration timeout) {
    hook = new Hook(URI.create(program.url()), SECRET, timeout, time);
    decisions = new Decisions(hook, time, counts);
  }

  @AfterEach
  void stop() {
    hook.close();
    program.close();
  }

  private static Gate.Question question(Action action, String room, String user) {
    return new Gate.Question(
        action,
        room,
        user.isEmpty() ? Identity.ANONYMOUS : new Identity(user, Long.MAX_VALUE),
        "s1",
        "{\"a\":1}".getBytes(UTF_8));
  }

  private Permission ask(Action action, String room, String user) {
    CompletableFuture<Permission> answer = new CompletableFuture<>();
    decisions.ask(question(action, room, user), answer::complete);
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void asksSignedAndSaysWhatWasAsked() {
    program.answers(200, "{\"allow\":true}");
    assertThat(ask(Action.SEND, "a \"b\"", "ann")).isEqualTo(Permission.GRANTED);
    HookServer.Call call = program.calls().getFirst();
    assertThat(call.type()).isEqualTo("application/json");
    assertThat(call.body())
        .isEqualTo(
            "{\"type\":\"send\",\"room\":\"a \\\"b\\\"\",\"user\":\"ann\",\"session\":\"s1\",\"message\":{\"a\":1}}");
    long seconds = time.wallMillis() / 1000;
    SecretKeySpec key = new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256");
    assertThat(call.signature())
        .isEqualTo("t=" + seconds + ",v1=" + Hook.sign(key, seconds, call.body().getBytes(UTF_8)));
  }

  @Test
  void noIsNo() {
    program.answers(200, "{\"allow\":false}");
    assertThat(ask(Action.JOIN, "a", "ann")).isEqualTo(Permission.DENIED);
    assertThat(program.calls().getFirst().body()).doesNotContain("message");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yes",
        "true",
        "{}",
        "{\"allow\":1}",
        "{\"allow\":\"true\"}",
        "{\"allow\":true",
        "{\"allow\":false,\"allow\":true}",
        "{\"allow\":true,\"cache\":-1}",
        "{\"allow\":true,\"user\":7}",
      })
  void whatCannotBeUnderstoodIsNoAnswer(String body) {
    program.answers(200, body);
    assertThat(ask(Action.JOIN, "a", "ann")).isEqualTo(Permission.UNDECIDED);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 301, 302, 400, 403, 500, 503})
  void onlyTwoHundredIsAnAnswer(int status) {
    program.answers(status, "{\"allow\":true}");
    assertThat(ask(Action.JOIN, "a", "ann")).isEqualTo(Permission.UNDECIDED);
  }

  @Test
  void anAnswerThatIsTooLargeIsNone() {
    program.answers(200, "{\"allow\":true,\"x\":\"" + "x".repeat(Hook.MOST_BYTES) + "\"}");
    assertThat(ask(Action.JOIN, "a", "ann")).isEqualTo(Permission.UNDECIDED);
  }

  @Test
  void anAnswerIsKeptForAsLongAsItSays() {
    program.answers(200, "{\"allow\":true,\"cache\":60}");
    for (int i = 0; i < 5; i++) {
      assertThat(ask(Action.JOIN, "a", "ann")).isEqualTo(Permission.GRANTED);
    }
    assertThat(program.calls()).hasSize(1);
    ask(Action.JOIN, "b", "ann");
    ask(Action.SEND, "a", "ann");
    ask(Action.JOIN, "a", "bob");
    assertThat(program.calls()).hasSize(4);
    time.advance(Duration.ofSeconds(60));
    program.answers(200, "{\"allow\":false}");
    assertThat(ask(Action.JOIN, "a", "ann")).isEqualTo(Permission.DENIED);
    ask(Action.JOIN, "a", "ann");
    assertThat(program.calls()).hasSize(6);
    assertThat(counts.get(Counts.Result.CACHED)).isEqualTo(4);
  }

  @Test
  void aProgramThatDoesNotAnswerIsSparedUntilItDoes() throws Exception {
    within(Duration.ofMillis(100));
    CountDownLatch over = new CountDownLatch(1);
    program.answersAfter(over, 200, "{\"allow\":true}");
    for (int i = 0; i < Breaker.FAILURES; i++) {
      assertThat(ask(Action.JOIN, "a", "ann")).isEqualTo(Permission.UNDECIDED);
    }
    assertThat(ask(Action.JOIN, "a", "ann")).isEqualTo(Permission.UNDECIDED);
    assertThat(counts.get(Counts.Result.SPARED)).isEqualTo(1);
    assertThat(program.calls()).hasSize(Breaker.FAILURES);
    over.countDown();
    program.answers(200, "{\"allow\":true}");
    time.advance(Duration.ofMillis(Breaker.PAUSE_MILLIS));
    await()
        .until(
            () -> {
              time.advance(Duration.ofMillis(Breaker.PAUSE_MILLIS));
              return ask(Action.JOIN, "a", "ann") == Permission.GRANTED;
            });
  }

  @Test
  void onlySoManyQuestionsAreUnderWay() {
    CountDownLatch over = new CountDownLatch(1);
    program.answersAfter(over, 200, "{\"allow\":true}");
    List<Permission> answers = new CopyOnWriteArrayList<>();
    for (int i = 0; i < Decisions.MOST_UNDER_WAY + 10; i++) {
      decisions.ask(question(Action.JOIN, "r" + i, "ann"), answers::add);
    }
    assertThat(answers).hasSize(10).containsOnly(Permission.BUSY);
    over.countDown();
    await().until(() -> answers.size() == Decisions.MOST_UNDER_WAY + 10);
  }

  @Test
  void itSaysWhomATokenSpeaksFor() throws Refused {
    long until = time.wallMillis() / 1000 + 60;
    program.answers(
        call ->
            call.body().contains("\"token\":\"good\"")
                ? new Answer(
                    200,
                    "{\"allow\":true,\"user\":\"ann\",\"expires\":"
                        + until
                        + ",\"info\":{\"n\": 1},\"cache\":30}")
                : new Answer(200, "{\"allow\":false}"));
    Identity ann = Verdicts.of(decisions, "good");
    assertThat(ann.user()).isEqualTo("ann");
    assertThat(ann.expiresMillis()).isEqualTo(until * 1000);
    assertThat(ann.info()).isEqualTo("{\"n\": 1}");
    assertThat(Verdicts.of(decisions, "good")).isEqualTo(ann);
    assertThat(program.calls()).hasSize(1);
    for (String bad : List.of("bad", "", "x".repeat(9000))) {
      assertThatThrownBy(() -> Verdicts.of(decisions, bad))
          .isInstanceOfSatisfying(
              Refused.class, no -> assertThat(no.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
    }
    program.answers(500, "");
    assertThatThrownBy(() -> Verdicts.of(decisions, "other"))
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    time.advance(Duration.ofSeconds(60));
    program.answers(200, "{\"allow\":true,\"expires\":" + (time.wallMillis() / 1000) + "}");
    assertThatThrownBy(() -> Verdicts.of(decisions, "good")).hasMessageContaining("expired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hook", "file:///etc/passwd", "ftp://a/b", "http:///a"})
  void theAddressIsOneOfTheWeb(String address) {
    assertThatIllegalArgumentException().isThrownBy(() -> Webhook.address(address));
  }
}
