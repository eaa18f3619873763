package io.roomcast.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.memory.MemoryOccupancy;
import io.roomcast.room.Occupancy.Turn;
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
  private Rooms rooms;

  @BeforeEach
  void start() throws IOException {
    program = new HookServer();
    report();
    tellRooms(true);
  }

  private void tellRooms(boolean andMembers) {
    rooms = new Rooms(reports, andMembers);
    rooms.start(new MemoryOccupancy(time));
  }

  private void report() {
    hook =
        new Hook(
            URI.create(program.url()),
            "a-webhook-secret-of-32-characters",
            Duration.ofSeconds(5),
            time);
    reports = new Reports(hook, "alpha", time, counts);
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
    rooms.joined("a", "ann", "s1");
    rooms.joined("a", "bob", "s2");
    rooms.left("a", "ann", "s1");
    rooms.left("a", "bob", "s2");
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
    assertThat(call.body())
        .contains(
            "\"id\":\"1700000000000000\"", "\"subject\":\"a\",\"sequence\":\"1700000000000000\",");
    assertThat(String.join("", program.calls().stream().map(HookServer.Call::body).toList()))
        .contains("\"room\":\"a\",\"user\":\"bob\",\"session\":\"s2\"}}");
  }

  @Test
  void tellsOfRoomsAloneWhereThatIsWanted() {
    stopReports();
    report();
    tellRooms(false);
    rooms.joined("a", "", "s1");
    rooms.joined("a", "", "s2");
    rooms.left("a", "", "s2");
    rooms.joined("b", "", "s1");
    rooms.left("a", "", "s1");
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
    rooms.joined("a", "ann", "s1");
    rooms.joined("b", "ann", "s1");
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
    stopReports();
    report();
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
    rooms.joined("a", "ann", "s1");
    rooms.left("a", "ann", "s1");
    rooms.close();
    assertThat(told()).contains("room.filled a", "room.emptied a");
  }

  @Test
  void isDoneWithARoomWhenTheProgramHasTakenIt() {
    AtomicInteger tries = new AtomicInteger();
    CountDownLatch told = new CountDownLatch(1);
    program.answers(
        call -> new Answer(told.getCount() == 1 && tries.incrementAndGet() == 3 ? 200 : 503, ""));
    reports.turned(new Turn("a", true, 7), told::countDown);
    await().until(() -> told.getCount() == 0);
    assertThat(tries).hasValue(3);
    assertThat(program.calls().getFirst().body()).contains("\"sequence\":\"0000000000000007\"");
  }

  @Test
  void leavesRoomsToOthersAtTheEndAndGivesUpWhatIsTooMuch() {
    CountDownLatch over = new CountDownLatch(1);
    program.answersAfter(over, 200, "");
    AtomicInteger done = new AtomicInteger();
    reports.turned(new Turn("a", true, 1), done::incrementAndGet);
    await().until(() -> program.calls().size() == 1);
    for (int i = 0; i < Reports.MOST_WAITING; i++) {
      reports.joined("a", "ann", "s" + i);
    }
    reports.turned(new Turn("a", false, 2), done::incrementAndGet);
    assertThat(done).hasValue(1);
    reports.close();
    reports.turned(new Turn("a", true, 3), done::incrementAndGet);
    assertThat(done).hasValue(1);
    over.countDown();
  }
}
