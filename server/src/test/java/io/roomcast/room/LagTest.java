package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.protocol.Event;
import io.roomcast.testing.FakeLog;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.RecordingTransport.RecordedFrame;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that do not read as fast as their rooms go, where these do not wait for them. */
final class LagTest {
  private static final int SIZE = 2_000;

  private final FakeNode fake =
      new FakeNode(
          Authenticator.OPEN,
          Limits.DEFAULT.withCommandsPerSecond(0),
          RuleReader.book(
              List.of(
                  "live* slow=latest", "kept slow=resync log=" + SIZE + "/1h", "all log=9/1h")));
  private final FakeLog log = fake.broker().log("kept", SIZE);
  private final Client member = fake.client();
  private int number;

  @AfterEach
  void nothingIsKept() {
    member.end();
    fake.loop().runAll();
    assertThat(RecordedFrame.open()).isZero();
  }

  private void join(String... rooms) {
    for (String room : rooms) {
      member.subscribe(room);
    }
    member.hear();
  }

  private void publish(String room, int count) {
    for (int i = 0; i < count; i++) {
      fake.publish(room, "" + ++number);
      fake.loop().runAll();
    }
  }

  /** Reads what is there; what then comes by itself is for the next time. */
  private List<String> read() {
    List<String> read = member.transport().take();
    member.session().drained();
    fake.loop().runAll();
    return read;
  }

  private static String message(String room, int number) {
    return "{\"type\":\"message\",\"room\":\"" + room + "\",\"message\":" + number + "}";
  }

  /** The gap of a clock that stands still. */
  private String gap(String room, int skipped) {
    long now = fake.time().wallMillis();
    return new String(Event.skipped(room, now, now, skipped), UTF_8);
  }

  private static List<Integer> numbers(List<String> heard) {
    return heard.stream()
        .filter(json -> json.contains("\"type\":\"message\""))
        .map(json -> Integer.valueOf(json.replaceAll(".*\"message\":(\\d+)[,}].*", "$1")))
        .toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void whoReadsInTimeGetsEverything() {
    join("live");
    member.transport().holds(1_000);
    for (int i = 0; i < 500; i++) {
      fake.publish("live", "" + i);
    }
    assertThat(member.hear()).hasSize(500).noneMatch(json -> json.contains("gap"));
  }

  @Test
  void theNewestWaitsAndTheSkippedAreCountedAndTold() {
    join("live");
    member.transport().holds(2);
    publish("live", 7);
    assertThat(read()).containsExactly(message("live", 1), message("live", 2));
    assertThat(read()).containsExactly(gap("live", 4), message("live", 7));
    publish("live", 1);
    assertThat(read()).containsExactly(message("live", 8));
    assertThat(fake.telemetry().count("dropped SLOW_LATEST")).isEqualTo(4);
    assertThat(fake.telemetry().count("delivered")).isEqualTo(4);
  }

  @Test
  void oneThatIsOnlyLateIsNotSkipped() {
    join("live");
    member.transport().holds(1);
    publish("live", 2);
    assertThat(read()).containsExactly(message("live", 1));
    assertThat(read()).containsExactly(message("live", 2));
  }

  @Test
  void aGapBeginsWhereTheLaneWasLastKnownToBeEven() {
    join("live");
    member.transport().holds(0);
    fake.lane().tick();
    long even = fake.time().wallMillis();
    fake.time().advance(Duration.ofMillis(300));
    publish("live", 2);
    fake.time().advance(Duration.ofMillis(300));
    member.transport().holds(2);
    read();
    assertThat(read().getFirst())
        .isEqualTo(new String(Event.skipped("live", even, even + 600, 1), UTF_8));
  }

  @Test
  void whatIsWrittenAndNotYetSentIsSentBeforeAnythingIsHeldBack() {
    join("live");
    member.transport().holds(3);
    member.transport().onFlush(() -> member.transport().holds(1_000));
    for (int i = 0; i < 100; i++) {
      fake.publish("live", "1");
      fake.loop().runOne();
    }
    assertThat(member.hear()).hasSize(100);
  }

  @Test
  void whatIsNotForTheMemberIsNeitherHeldNorCounted() {
    join("live");
    member.transport().holds(1);
    publish("live", 2);
    fake.node()
        .publish("live", "0".getBytes(UTF_8), "", member.session().id(), "", (out, at) -> {});
    fake.loop().runAll();
    assertThat(read()).containsExactly(message("live", 1));
    assertThat(read()).containsExactly(message("live", 2));
  }

  @Test
  void otherEventsAreNotSkipped() {
    join("live");
    member.transport().holds(1);
    publish("live", 3);
    Publication gap = Publication.gap("live", 1, 2, "broker");
    fake.broker().deliver(gap);
    fake.loop().runAll();
    assertThat(read()).containsExactly(message("live", 1), new String(gap.json(), UTF_8));
    assertThat(read()).containsExactly(gap("live", 1), message("live", 3));
  }

  @Test
  void whoLeavesAndComesBackOwesNothing() {
    join("live");
    member.transport().holds(0);
    publish("live", 3);
    member.unsubscribe("live");
    member.subscribe("live");
    member.transport().holds(9);
    assertThat(read()).isEmpty();
    publish("live", 1);
    assertThat(read()).containsExactly(message("live", 4));
  }

  @Test
  void roomsOfDifferentModesKeepTheirOwn() {
    fake.broker().log("all", 9);
    join("live1", "live2", "kept", "all", "plain");
    member.transport().holds(0);
    for (String room : List.of("live1", "kept", "plain", "live2", "all")) {
      publish(room, 2);
    }
    assertThat(numbers(read())).as("as ever").containsExactly(5, 6, 9, 10);
    member.transport().holds(100);
    read();
    List<String> heard = read();
    assertThat(numbers(heard)).containsExactlyInAnyOrder(2, 8, 3, 4);
    assertThat(heard).contains(gap("live1", 1), gap("live2", 1)).hasSize(6);
  }

  @Test
  void noMoreIsMadeUpForAtATimeThanTheWireTakes() {
    String[] rooms = IntStream.range(0, 100).mapToObj(i -> "live" + i).toArray(String[]::new);
    join(rooms);
    member.transport().holds(0);
    for (String room : rooms) {
      publish(room, 1);
    }
    member.transport().holds(5);
    for (int i = 0; i < 20; i++) {
      read();
      assertThat(member.transport().waiting()).isEqualTo(5);
    }
    read();
    assertThat(member.transport().waiting()).isZero();
  }

  @Test
  void whatWasSkippedIsReadFromTheLogInOrderAndOnce() {
    join("kept");
    member.transport().holds(3);
    publish("kept", 10);
    assertThat(numbers(read())).isEqualTo(range(1, 3));
    List<String> heard = read();
    assertThat(numbers(heard)).isEqualTo(range(4, 10));
    assertThat(heard).noneMatch(json -> json.contains("gap"));
    publish("kept", 1);
    assertThat(numbers(read())).containsExactly(11);
    assertThat(fake.telemetry().count("dropped SLOW_RESYNC")).isEqualTo(7);
    assertThat(fake.telemetry().count("dropped SLOW_LOST")).isZero();
  }

  @Test
  void alsoInPartsWhileTheRoomGoesOn() {
    join("kept");
    member.transport().holds(1);
    publish("kept", 1_500);
    assertThat(numbers(read())).containsExactly(1);
    fake.broker().answering(false);
    fake.broker().answer();
    int next = 2;
    while (next <= number) {
      publish("kept", number < 1_900 ? 100 : 0);
      fake.broker().answer();
      fake.loop().runAll();
      List<Integer> part = numbers(read());
      assertThat(part).hasSizeLessThanOrEqualTo(ResyncLag.PART);
      assertThat(part).isEqualTo(range(next, next + part.size() - 1));
      next += part.size();
    }
    fake.broker().answer();
    fake.loop().runAll();
    member.transport().holds(9);
    publish("kept", 2);
    assertThat(numbers(read())).isEqualTo(range(next, next + 1));
  }

  @Test
  void itsOwnMessagesStayOutOfWhatItIsGivenLater() {
    join("kept");
    member.transport().holds(0);
    publish("kept", 1);
    fake.node()
        .publish("kept", "9".getBytes(UTF_8), "", member.session().id(), "", (out, at) -> {});
    publish("kept", 1);
    member.transport().holds(9);
    read();
    assertThat(numbers(read())).isEqualTo(range(1, 2));
  }

  @Test
  void whatTheLogHasNoMoreIsTold() {
    join("kept");
    member.transport().holds(1);
    publish("kept", 10);
    log.keep(3);
    publish("kept", 1);
    assertThat(numbers(read())).containsExactly(1);
    List<String> heard = read();
    assertThat(heard.getFirst()).isEqualTo(gap("kept", 7));
    assertThat(numbers(heard)).isEqualTo(range(9, 11));
    assertThat(fake.telemetry().count("dropped SLOW_LOST")).isEqualTo(7);
  }

  @Test
  void aLogThatWasLostIsTold() {
    join("kept");
    member.transport().holds(1);
    publish("kept", 5);
    log.lose();
    read();
    assertThat(read()).containsExactly(gap("kept", 4));
    member.transport().holds(9);
    publish("kept", 2);
    assertThat(numbers(read())).isEqualTo(range(6, 7));
  }

  @Test
  void aLogThatIsAnotherBeforeItReadsAgainIsToldAndTheNewOneGiven() {
    join("kept");
    member.transport().holds(1);
    publish("kept", 5);
    log.lose();
    publish("kept", 3);
    List<String> first = read();
    assertThat(numbers(first)).containsExactly(1);
    assertThat(first.getLast()).as("the room's own").contains("\"reason\":\"log\"");
    List<String> heard = read();
    assertThat(heard.getFirst()).isEqualTo(gap("kept", 4));
    assertThat(numbers(heard)).isEqualTo(range(6, 8));
  }

  @Test
  void whatStandsInNoLogIsToldWhenItWasSkipped() {
    join("kept");
    member.transport().holds(1);
    publish("kept", 2);
    byte[] foreign = Event.message("kept", "0".getBytes(UTF_8), "");
    fake.broker().deliver(new Publication("kept", foreign, ""));
    fake.loop().runAll();
    read();
    assertThat(numbers(read())).containsExactly(2);
    assertThat(member.transport().take()).isEmpty();
    assertThat(fake.telemetry().count("dropped SLOW_LOST")).isEqualTo(1);
  }

  @Test
  void aLogThatCannotBeReadIsTriedAgain() {
    join("kept");
    member.transport().holds(1);
    publish("kept", 5);
    fake.broker().unreadable(true);
    read();
    seconds(8);
    assertThat(read()).isEmpty();
    fake.broker().unreadable(false);
    seconds(8);
    assertThat(numbers(read())).isEqualTo(range(2, 5));
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      fake.time().advance(Duration.ofSeconds(1));
      fake.lane().tick();
      fake.loop().runAll();
    }
  }

  @Test
  void aRoomThatWaitsFromNowOnOwesNobodyAnything() {
    join("live", "kept");
    member.transport().holds(0);
    publish("live", 3);
    publish("kept", 3);
    fake.node().rules(RuleReader.book(List.of("kept log=9/1h")));
    publish("live", 1);
    publish("kept", 1);
    assertThat(read())
        .filteredOn(json -> json.contains("\"room\":\"live\""))
        .containsExactly(gap("live", 2), message("live", 3), message("live", 7));
    fake.node().rules(RuleReader.book(List.of("live slow=latest")));
    publish("live", 2);
    member.transport().holds(9);
    read();
    assertThat(read()).containsExactly(gap("live", 1), message("live", 10));
  }

  @Test
  void aMemberIsGivenOrToldWhatItMissedAlsoWhereTheLogHasEnded() {
    join("kept");
    member.transport().holds(1);
    publish("kept", 4);
    assertThat(numbers(read())).containsExactly(1);
    fake.node().rules(RuleReader.book(List.of("kept slow=latest")));
    fake.loop().runAll();
    member.transport().holds(9);
    // The log had answered before it ended.
    assertThat(numbers(read())).containsExactly(2, 3, 4);
    publish("kept", 1);
    assertThat(numbers(read())).containsExactly(5);
  }

  @Test
  void whoLeavesWhileTheLogIsReadIsGivenNothing() {
    join("kept");
    member.transport().holds(1);
    publish("kept", 5);
    fake.broker().answering(false);
    read();
    member.transport().holds(100);
    member.unsubscribe("kept");
    fake.broker().answer();
    fake.loop().runAll();
    assertThat(read()).isEmpty();
  }
}
