package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import io.roomcast.testing.FakeLog;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What clients ask of logs, while these cannot be read, are others, or the client is slow. */
final class CatchUpTest {
  private final FakeNode fake =
      new FakeNode(
          Authenticator.OPEN,
          Limits.DEFAULT.withCommandsPerSecond(0),
          RuleReader.book(List.of("r* log=20/1h")));
  private final FakeLog log = fake.broker().log("r", 20);
  private final Client member = fake.client();

  private Client joined() {
    member.subscribe("r");
    member.hear();
    return member;
  }

  private void publish(String room, int count) {
    for (int i = 0; i < count; i++) {
      fake.publish(room, "0");
    }
    fake.loop().runAll();
  }

  private static String since(String room, String epoch, long offset) {
    return "{\"type\":\"SUBSCRIBE\",\"room\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}}"
        .formatted(room, epoch, offset);
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      fake.time().advance(Duration.ofSeconds(1));
      fake.lane().tick();
      fake.loop().runAll();
    }
  }

  private static List<Integer> offsets(List<String> heard) {
    return heard.stream()
        .filter(json -> json.contains("\"type\":\"message\""))
        .map(json -> Integer.valueOf(json.replaceAll(".*\"offset\":(\\d+)}", "$1")))
        .toList();
  }

  @Test
  void aLogThatWasNotReadIsReadAgainWithinTheTimeOfAJoin() {
    joined();
    publish("r", 5);
    fake.broker().unreadable(true);
    Client late = fake.client();
    assertThat(late.say(since("r", "e1", 2))).isEmpty();
    seconds(2);
    assertThat(late.hear()).isEmpty();
    fake.broker().unreadable(false);
    seconds(2);
    List<String> heard = late.hear();
    assertThat(heard.getFirst()).contains("\"recovered\":true");
    assertThat(offsets(heard)).containsExactly(3, 4, 5);
  }

  @Test
  void aLogThatIsNotReadAtAllEndsAJoinInTime() {
    joined();
    publish("r", 5);
    fake.broker().unreadable(true);
    Client late = fake.client();
    late.say(since("r", "e1", 2));
    seconds(5);
    assertThat(late.hear()).singleElement().asString().contains("\"code\":1503");
  }

  @Test
  void whatIsNotRecoveredBeginsAtThePositionOfTheLogThatThereIs() {
    joined();
    publish("r", 3);
    log.lose();
    Client late = fake.client();
    assertThat(late.say(since("r", "e1", 3)).getFirst())
        .isEqualTo(
            "{\"type\":\"subscribed\",\"room\":\"r\",\"epoch\":\"e1x\",\"offset\":0,\"recovered\":false}");
    log.lose();
    fake.broker().answering(false);
    Client another = fake.client();
    another.say(since("r", "e1x", 0));
    fake.broker().answer();
    log.lose();
    for (int i = 0; i < 9; i++) {
      fake.loop().runAll();
      fake.broker().answer();
    }
    fake.loop().runAll();
    assertThat(another.hear().getFirst())
        .contains("\"type\":\"subscribed\"", "\"epoch\":\"" + log.top().epoch() + "\"");
  }

  @Test
  void questionsForHistoryAreBounded() {
    joined();
    publish("r", 3);
    member.hear();
    fake.broker().answering(false);
    for (int i = 0; i < HistoryAnswer.MOST; i++) {
      assertThat(member.say("{\"type\":\"history\",\"id\":" + i + ",\"room\":\"r\"}")).isEmpty();
    }
    assertThat(member.say("{\"type\":\"history\",\"id\":99,\"room\":\"r\"}"))
        .singleElement()
        .asString()
        .contains("\"id\":99,\"code\":1529,", "\"temporary\":true");
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < HistoryAnswer.MOST; i++) {
      fake.broker().answer();
      answers.addAll(member.hear());
    }
    assertThat(answers)
        .hasSize(HistoryAnswer.MOST)
        .allMatch(json -> json.startsWith("{\"type\":\"history\",\"id\":"));
    fake.broker().answering(true);
    assertThat(member.say("{\"type\":\"history\",\"id\":1,\"room\":\"r\"}")).hasSize(1);
  }

  @Test
  void whoComesBackToManyRoomsIsGivenNoMoreAtATimeThanTheWireTakes() {
    int rooms = 20;
    for (int i = 0; i < rooms; i++) {
      fake.broker().log("r" + i, 20);
      member.subscribe("r" + i);
      fake.loop().runAll();
      publish("r" + i, 10);
    }
    Client back = fake.client();
    back.transport().holds(12);
    String all =
        IntStream.range(0, rooms)
            .mapToObj(i -> since("r" + i, "e1", 0))
            .collect(Collectors.joining(",", "[", "]"));
    back.tell(all);
    List<String> heard = new ArrayList<>();
    for (int i = 0; i < rooms; i++) {
      fake.loop().runAll();
      assertThat(back.transport().waiting()).isLessThanOrEqualTo(12 + 11);
      heard.addAll(back.transport().take());
      back.session().drained();
      // All together take far longer than one join may.
      seconds(2);
    }
    heard.addAll(back.hear());
    assertThat(heard).filteredOn(json -> json.contains("\"recovered\":true")).hasSize(rooms);
    for (int i = 0; i < rooms; i++) {
      String room = "\"room\":\"r" + i + "\"";
      assertThat(offsets(heard.stream().filter(json -> json.contains(room)).toList()))
          .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }
  }

  @Test
  void whoEndsWhileItWaitsForItsTurnIsForgotten() {
    joined();
    publish("r", 3);
    Client back = fake.client();
    back.transport().holds(0);
    back.tell(since("r", "e1", 0));
    back.end();
    fake.loop().runAll();
    seconds(10);
    assertThat(back.transport().take()).isEmpty();
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(1, 1, 1));
  }

  @Test
  void aMessageThatClaimsAPlaceFarAheadCostsOneReading() {
    joined();
    publish("r", 2);
    byte[] json = Event.withOffset(Event.message("r", "1".getBytes(UTF_8), ""), 1_000_000);
    fake.broker().deliver(new Publication("r", json, "", new Position("e1", 1_000_000)));
    List<String> heard = member.hear();
    assertThat(offsets(heard)).containsExactly(1, 2);
    assertThat(heard.getLast()).contains("\"type\":\"gap\"", "\"reason\":\"log\"");
    assertThat(fake.telemetry().count("dropped BROKER_MALFORMED")).isEqualTo(1);
    fake.broker().unreadable(true);
    publish("r", 3);
    assertThat(offsets(member.hear())).as("without any reading").containsExactly(3, 4, 5);
  }
}
