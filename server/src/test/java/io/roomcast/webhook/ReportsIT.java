package io.roomcast.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.testing.HookServer;
import io.roomcast.testing.HookServer.Answer;
import io.roomcast.testing.ManualTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program that is told, over a real connection. */
final class ReportsIT {
  private static final Pattern EVENT =
      Pattern.compile(
          "\"id\":\"([^\"]+)\",\"source\":\"/roomcast/alpha\",\"type\":\"io.roomcast.([a-z.]+)\",\"time\":\"[^\"]+Z\"(?:,\"subject\":\"([^\"]+)\")?");

  private final ManualTime time = new ManualTime();
  private final Counts counts = new Counts();
  private HookServer program;
  private Hook hook;
  private Reports reports;

  @BeforeEach
  void start() throws IOException {
    program = new HookServer();
    report(true, true);
  }

  private void report(boolean rooms, boolean members) {
    hook =
        new Hook(
            URI.create(program.url()),
            "a-webhook-secret-of-32-characters",
            Duration.ofSeconds(5),
            time);
    reports = new Reports(hook, new Reports.What(rooms, members), "alpha", time, counts);
  }

  @AfterEach
  void stop() {
    reports.close();
    hook.close();
    program.close();
  }

  /** What was told so far, in order: type and room. */
  private List<String> told() {
    return program.calls().stream()
        .flatMap(call -> EVENT.matcher(call.body()).results())
        .map(event -> event.group(2) + " " + event.group(3))
        .toList();
  }

  @Test
  void tellsInOrderAsCloudEvents() {
    reports.joined("a", "ann", "s1");
    reports.joined("a", "bob", "s2");
    reports.left("a", "ann", "s1");
    reports.left("a", "bob", "s2");
    List<String> all =
        List.of(
            "room.filled a",
            "member.joined a",
            "member.joined a",
            "member.left a",
            "member.left a",
            "room.emptied a");
    await().until(this::told, all::equals);
    HookServer.Call call = program.calls().getFirst();
    assertThat(call.type()).isEqualTo("application/cloudevents-batch+json");
    assertThat(call.signature()).startsWith("t=");
    assertThat(call.body())
        .startsWith("[{\"specversion\":\"1.0\",")
        .contains("\"datacontenttype\":\"application/json\",\"data\":{\"node\":\"alpha\",");
    assertThat(String.join("", program.calls().stream().map(HookServer.Call::body).toList()))
        .contains("\"room\":\"a\",\"user\":\"bob\",\"session\":\"s2\"}}");
  }

  @Test
  void tellsOfRoomsAloneWhereThatIsWanted() {
    stopReports();
    report(true, false);
    reports.joined("a", "", "s1");
    reports.joined("a", "", "s2");
    reports.left("a", "", "s2");
    reports.joined("b", "", "s1");
    reports.left("a", "", "s1");
    await().until(this::told, List.of("room.filled a", "room.filled b", "room.emptied a")::equals);
  }

  private void stopReports() {
    reports.close();
    hook.close();
  }

  @Test
  void whatWasNotTakenIsToldAgainWithTheSameId() {
    AtomicInteger tries = new AtomicInteger();
    program.answers(call -> new Answer(tries.incrementAndGet() < 3 ? 503 : 204, ""));
    reports.joined("a", "ann", "s1");
    reports.joined("b", "ann", "s1");
    await().until(() -> counts.get(Counts.Result.REPORTED) == 4);
    assertThat(counts.get(Counts.Result.FAILED)).isEqualTo(2);
    List<String> bodies = program.calls().stream().map(HookServer.Call::body).toList();
    assertThat(bodies.get(0)).isEqualTo(bodies.get(1)).isEqualTo(bodies.get(2));
    assertThat(ids()).hasSize(4);
  }

  private List<String> ids() {
    return program.calls().stream()
        .flatMap(call -> EVENT.matcher(call.body()).results())
        .map((MatchResult event) -> event.group(1))
        .distinct()
        .toList();
  }

  @Test
  void whatIsTooMuchIsCountedAndToldOf() {
    CountDownLatch over = new CountDownLatch(1);
    program.answersAfter(over, 200, "");
    reports.joined("a", "ann", "s1");
    await().until(() -> program.calls().size() == 1);
    for (int i = 0; i < Reports.MOST_WAITING + 7; i++) {
      reports.joined("a", "ann", "s" + i);
    }
    assertThat(reports.waiting()).isEqualTo(Reports.MOST_WAITING);
    assertThat(counts.get(Counts.Result.LOST)).isEqualTo(7);
    over.countDown();
    await()
        .until(
            () ->
                program.calls().stream()
                    .anyMatch(
                        call ->
                            call.body().contains("io.roomcast.reports.lost")
                                && call.body().contains("\"count\":7}}")));
    assertThat(reports.waiting()).isZero();
  }

  @Test
  void whatWaitsIsStillToldAtTheEnd() {
    reports.joined("a", "ann", "s1");
    reports.left("a", "ann", "s1");
    reports.close();
    assertThat(told()).contains("room.filled a", "room.emptied a");
  }
}
