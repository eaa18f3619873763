package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import io.roomcast.testing.FakeLog;
import io.roomcast.testing.FakeNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rooms with a log: what is lost on the way is fetched, and a join may begin in the past. */
final class RoomLogTest {
  private static final int SIZE = 20;

  private final FakeNode fake =
      new FakeNode(
          Authenticator.OPEN,
          Limits.DEFAULT.withCommandsPerSecond(0),
          RuleReader.book(List.of("r log=" + SIZE + "/1h")));
  private final FakeLog log = fake.broker().log("r", SIZE);

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      fake.publish("r", "" + (log.top().offset() + 1));
    }
  }

  /** The offsets of the messages heard, each checked against its payload. */
  private static List<Long> offsets(List<String> heard) {
    List<Long> offsets = new ArrayList<>();
    for (String json : heard) {
      if (json.contains("\"type\":\"message\"")) {
        String offset = json.replaceAll(".*\"offset\":(\\d+)}", "$1");
        assertThat(json).contains("\"message\":" + offset + ",");
        offsets.add(Long.valueOf(offset));
      }
    }
    return offsets;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static String subscribe(String more) {
    return "{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"r\"" + more + "}";
  }

  private static String since(String epoch, long offset) {
    return subscribe(",\"since\":{\"epoch\":\"" + epoch + "\",\"offset\":" + offset + "}");
  }

  @Test
  void aJoinIsToldWhereTheRoomStands() {
    publish(3);
    FakeNode.Client a = fake.client();
    assertThat(a.say(subscribe("")))
        .containsExactly(
            "{\"type\":\"subscribed\",\"id\":1,\"room\":\"r\",\"epoch\":\"e1\",\"offset\":3}");
    publish(2);
    assertThat(offsets(a.hear())).containsExactly(4L, 5L);
  }

  @Test
  void whatWasLostOnTheWayIsFetchedBeforeWhatComesNext() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    publish(2);
    fake.broker().losing(true);
    publish(3);
    fake.broker().losing(false);
    publish(2);
    List<String> heard = a.hear();
    assertThat(offsets(heard)).isEqualTo(range(1, 7));
    assertThat(heard).as("and nobody is troubled").noneMatch(json -> json.contains("\"gap\""));
  }

  @Test
  void aQuietRoomIsComparedWithItsLog() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    fake.broker().losing(true);
    publish(1);
    fake.broker().losing(false);
    assertThat(a.hear()).isEmpty();
    seconds(5);
    assertThat(offsets(a.hear())).containsExactly(1L);
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      fake.time().advance(Duration.ofSeconds(1));
      fake.lane().tick();
    }
  }

  @Test
  void anInterruptionIsHealedWhenTheBrokerConfirmsAgain() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    publish(1);
    fake.broker().interrupt();
    fake.broker().losing(true);
    publish(SIZE - 1);
    fake.broker().losing(false);
    fake.broker().confirm("r");
    publish(1);
    List<String> heard = a.hear();
    assertThat(offsets(heard)).isEqualTo(range(1, SIZE + 1));
    assertThat(heard).noneMatch(json -> json.contains("\"gap\""));
  }

  @Test
  void moreThanTheLogHasIsAGapAndThenTheRest() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    publish(1);
    fake.broker().losing(true);
    publish(SIZE + 1);
    fake.broker().losing(false);
    publish(1);
    List<String> heard = a.hear();
    assertThat(heard.get(1)).contains("\"type\":\"gap\"").contains("\"reason\":\"log\"");
    assertThat(offsets(heard)).startsWith(1L).endsWith(SIZE + 3L);
    assertThat(offsets(heard).subList(1, heard.size() - 1)).isEqualTo(range(4, SIZE + 3));
  }

  @Test
  void aLogThatWasLostIsAGapAndItsSuccessorIsDeliveredWhole() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    publish(4);
    a.hear();
    log.lose();
    fake.broker().losing(true);
    publish(1);
    fake.broker().losing(false);
    publish(1);
    List<String> heard = a.hear();
    assertThat(heard.get(0)).contains("\"type\":\"gap\"");
    assertThat(offsets(heard)).containsExactly(1L, 2L);
  }

  @Test
  void aLogThatWentBackIsAGapAndWhatComesNextIsDelivered() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    publish(5);
    assertThat(offsets(a.hear())).isEqualTo(range(1, 5));
    log.back(3);
    publish(1);
    assertThat(a.hear()).singleElement().asString().contains("\"reason\":\"log\"");
    publish(1);
    assertThat(offsets(a.hear())).containsExactly(1L);
    FakeNode.Client b = fake.client();
    assertThat(b.say(since("e1", 1)).getFirst())
        .as("of another log, although it goes that far")
        .contains("\"recovered\":false", "\"epoch\":\"e1x\",\"offset\":1");
  }

  @Test
  void whatComesTwiceIsDeliveredOnce() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    publish(2);
    byte[] json = Event.withOffset(Event.message("r", "1".getBytes(UTF_8), ""), 1);
    fake.broker().deliver(new Publication("r", json, "", new Position("e1", 1)));
    publish(1);
    assertThat(offsets(a.hear())).isEqualTo(range(1, 3));
  }

  @Test
  void whatCannotWaitIsFetchedToo() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    log.keep(5000);
    fake.broker().answering(false);
    fake.broker().losing(true);
    publish(1);
    fake.broker().losing(false);
    publish(3000);
    fake.loop().runAll();
    fake.broker().answering(true);
    fake.broker().answer();
    assertThat(offsets(a.hear())).isEqualTo(range(1, 3001));
  }

  @Test
  void aClientThatHasSeenMoreThanThisNodeGetsNothingTwice() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    fake.broker().losing(true);
    publish(3);
    fake.broker().losing(false);
    List<String> heard = fake.client().say(since("e1", 2));
    assertThat(heard.get(0)).contains("\"recovered\":true").contains("\"offset\":2,");
    assertThat(offsets(heard)).containsExactly(3L);
    assertThat(offsets(a.hear())).as("and the node heals itself by the way").isEqualTo(range(1, 3));
  }

  @Test
  void aLogThatCannotBeReadIsTriedAgain() {
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    fake.broker().losing(true);
    publish(1);
    fake.broker().losing(false);
    fake.broker().unreadable(true);
    publish(1);
    assertThat(a.hear()).as("what came early waits").isEmpty();
    fake.broker().unreadable(false);
    seconds(1);
    assertThat(offsets(a.hear())).isEqualTo(range(1, 2));
  }

  @Test
  void theLastMessagesMayComeFirst() {
    publish(5);
    FakeNode.Client a = fake.client();
    List<String> heard = a.say(subscribe(",\"last\":2"));
    assertThat(heard.get(0)).contains("\"offset\":3}");
    assertThat(offsets(heard)).containsExactly(4L, 5L);
    FakeNode.Client b = fake.client();
    assertThat(offsets(b.say(subscribe(",\"last\":1000")))).isEqualTo(range(1, 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, SIZE - 1, SIZE, SIZE + 1, 10 * SIZE})
  void recoveryIsWholeOrNotAtAll(int missed) {
    publish(7);
    publish(missed);
    FakeNode.Client a = fake.client();
    List<String> heard = a.say(since("e1", 7));
    boolean can = missed <= SIZE;
    assertThat(heard.get(0)).contains("\"recovered\":" + can);
    assertThat(heard.get(0)).contains("\"offset\":" + (can ? 7 : 7 + missed));
    assertThat(offsets(heard)).isEqualTo(can ? range(8, 7 + missed) : List.of());
    publish(1);
    assertThat(offsets(a.hear())).containsExactly(8L + missed);
  }

  @Test
  void aPositionOfAnotherLogOrOfTheFutureIsNotServed() {
    publish(3);
    for (String position : List.of(since("other", 2), since("e1", 4))) {
      List<String> heard = fake.client().say(position);
      assertThat(heard).hasSize(1);
      assertThat(heard.get(0)).contains("\"recovered\":false").contains("\"offset\":3,");
    }
  }

  @Test
  void theOwnSessionsMessagesStayOutInRecoveryToo() {
    FakeNode.Client a = fake.client();
    a.say("{\"type\":\"connect\",\"session\":\"s\"}");
    a.say("{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":1,\"echo\":false}");
    publish(1);
    FakeNode.Client again = fake.client();
    again.say("{\"type\":\"connect\",\"session\":\"s\"}");
    assertThat(offsets(again.say(since("e1", 0)))).containsExactly(2L);
    assertThat(offsets(fake.client().say(since("e1", 0)))).containsExactly(1L, 2L);
  }

  /**
   * The truth table: wherever a client is cut off and however much it missed, while others publish
   * at every step, and some of it is lost on the way to the node.
   */
  @Test
  void tenThousandRandomCutsAreRecoveredWholeOrNotAtAll() {
    Random random = new Random(20261124);
    int[] missed = {0, 1, SIZE - 1, SIZE, SIZE + 1, 10 * SIZE};
    FakeNode.Client steady = fake.client();
    steady.say(subscribe(""));
    long heardBySteady = 0;
    for (int cut = 0; cut < 10_000; cut++) {
      publish(random.nextInt(3));
      final long at = log.top().offset();
      int during = missed[random.nextInt(missed.length)];
      publish(during);
      fake.broker().answering(random.nextBoolean());
      FakeNode.Client client = fake.client();
      client.tell(since("e1", at));
      int more = random.nextInt(4);
      for (int i = 0; i < more; i++) {
        step(random);
      }
      fake.broker().losing(false);
      fake.broker().answering(true);
      fake.broker().answer();
      publish(1);
      List<String> heard = client.hear();
      String reply = heard.get(0);
      assertThat(reply).as("cut %d", cut).contains("\"type\":\"subscribed\"");
      long from = Long.parseLong(reply.replaceAll(".*\"offset\":(\\d+).*", "$1"));
      boolean recovered = reply.contains("\"recovered\":true");
      if (during + more + 1 <= SIZE) {
        assertThat(recovered).as("cut %d, all of it is in the log", cut).isTrue();
      } else if (during > SIZE) {
        assertThat(recovered).as("cut %d, some of it is lost", cut).isFalse();
      }
      assertThat(from).isGreaterThanOrEqualTo(at);
      assertThat(!recovered || from == at).isTrue();
      assertThat(offsets(heard)).as("cut %d", cut).isEqualTo(range(from + 1, log.top().offset()));
      client.end();
      List<Long> told = offsets(steady.hear());
      assertThat(told).isEqualTo(range(heardBySteady + 1, log.top().offset()));
      heardBySteady = log.top().offset();
    }
  }

  private void step(Random random) {
    switch (random.nextInt(4)) {
      case 0 -> fake.loop().runAll();
      case 1 -> fake.broker().answer();
      case 2 -> fake.broker().losing(random.nextBoolean());
      default -> publish(1);
    }
  }

  @Test
  void historyIsReadInPages() {
    publish(10);
    FakeNode.Client a = fake.client();
    String newest = a.say(history(",\"limit\":4")).get(0);
    assertThat(newest)
        .startsWith(
            "{\"type\":\"history\",\"id\":1,\"room\":\"r\",\"epoch\":\"e1\",\"offset\":10,\"more\":true,");
    assertThat(inside(newest)).isEqualTo(range(7, 10));
    assertThat(inside(a.say(history(",\"limit\":4,\"before\":7")).get(0))).isEqualTo(range(3, 6));
    String oldest = a.say(history(",\"limit\":4,\"before\":3")).get(0);
    assertThat(oldest).contains("\"more\":false");
    assertThat(inside(oldest)).isEqualTo(range(1, 2));
    String since = a.say(history(",\"limit\":4,\"since\":{\"epoch\":\"e1\",\"offset\":2}")).get(0);
    assertThat(inside(since)).isEqualTo(range(3, 6));
    assertThat(since).contains("\"more\":true");
    assertThat(a.say(history(",\"since\":{\"epoch\":\"no\",\"offset\":2}")).get(0))
        .contains("\"recovered\":false");
  }

  private static String history(String more) {
    return "{\"type\":\"history\",\"id\":1,\"room\":\"r\"" + more + "}";
  }

  private static List<Long> inside(String page) {
    String messages = page.substring(page.indexOf('['));
    return IntStream.range(0, messages.length())
        .filter(i -> messages.startsWith("\"offset\":", i))
        .mapToObj(i -> Long.valueOf(messages.substring(i + 9, messages.indexOf('}', i))))
        .toList();
  }

  @Test
  void aLogThatCannotBeReadIsAnErrorForWhoAsks() {
    fake.broker().unreadable(true);
    assertThat(fake.client().say(history("")).get(0)).contains("\"code\":1503");
    assertThat(fake.client().say(history("").replace("\"id\":1,", "")).get(0))
        .contains("\"code\":1422");
  }

  @Test
  void nothingIsLeftWhenWhoCatchesUpGoes() {
    publish(1);
    fake.broker().answering(false);
    FakeNode.Client a = fake.client();
    a.tell(since("e1", 0));
    a.end();
    fake.broker().answer();
    fake.loop().runAll();
    assertThat(fake.broker().wanted()).isEmpty();
    assertThat(fake.node().hub().size().rooms()).isZero();
  }

  @Test
  void whoWaitsForTheLogTooLongIsTold() {
    fake.broker().unreadable(true);
    FakeNode.Client a = fake.client();
    a.tell(subscribe(""));
    seconds(6);
    assertThat(a.hear().get(0)).contains("\"code\":1503");
    assertThat(fake.broker().wanted()).isEmpty();
  }
}
