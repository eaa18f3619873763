package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.config.RuleReader;
import io.roomcast.testing.FakeLog;
import io.roomcast.testing.FakeNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that change while rooms have members. */
final class RuleChangeTest {
  private static final Rulebook LOGGED = RuleReader.book(List.of("r* log=20/1h"));
  private static final Rulebook PLAIN = RuleReader.book(List.of());

  private static FakeNode node(Rulebook rules) {
    Rulebook own = RuleReader.book(List.of());
    own.become(rules);
    return new FakeNode(Authenticator.OPEN, Limits.DEFAULT.withCommandsPerSecond(0), own);
  }

  private static String subscribe(String more) {
    return "{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"r\"" + more + "}";
  }

  private static void change(FakeNode fake, Rulebook rules) {
    fake.node().rules(rules);
    fake.loop().runAll();
  }

  @Test
  void aLogThatBeginsKeepsWhatComes() {
    FakeNode fake = node(PLAIN);
    FakeNode.Client a = fake.client();
    assertThat(a.say(subscribe(""))).singleElement().asString().doesNotContain("offset");
    FakeLog log = fake.broker().log("r", 20);
    change(fake, LOGGED);
    fake.publish("r", "1");
    assertThat(a.hear()).singleElement().asString().contains("\"message\":1", "\"offset\":1");
    fake.broker().losing(true);
    fake.publish("r", "2");
    fake.broker().losing(false);
    fake.publish("r", "3");
    assertThat(a.hear()).hasSize(2).noneMatch(json -> json.contains("gap"));
    FakeNode.Client b = fake.client();
    assertThat(b.say(subscribe(""))).singleElement().asString().contains("\"offset\":3");
    assertThat(log.top().offset()).isEqualTo(3);
  }

  @Test
  void whatIsOnItsWayWhenALogBeginsIsNotTakenForARepeat() {
    FakeNode fake = node(PLAIN);
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    fake.broker().log("r", 20);
    fake.broker().answering(false);
    change(fake, LOGGED);
    fake.publish("r", "1");
    fake.publish("r", "2");
    assertThat(a.hear()).hasSize(2);
    fake.broker().answer();
    fake.publish("r", "3");
    assertThat(a.hear()).singleElement().asString().contains("\"message\":3");
  }

  @Test
  void membersHearOfAGapWhereTheLogIsOlderThanItsUse() {
    FakeNode fake = node(PLAIN);
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    fake.broker().log("r", 20);
    fake.broker().losing(true);
    fake.publish("r", "1");
    fake.broker().losing(false);
    change(fake, LOGGED);
    assertThat(a.hear()).singleElement().asString().contains("\"type\":\"gap\"", "\"log\"");
    fake.publish("r", "2");
    assertThat(a.hear()).singleElement().asString().contains("\"message\":2");
  }

  @Test
  void aLogThatBeginsInARoomWithoutMembersTellsOfNoGap() {
    FakeNode fake = node(PLAIN);
    fake.broker().confirming(false);
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    fake.broker().log("r", 20);
    fake.broker().losing(true);
    fake.publish("r", "1");
    fake.broker().losing(false);
    change(fake, LOGGED);
    fake.broker().confirm("r");
    assertThat(a.hear()).singleElement().asString().contains("subscribed", "\"offset\":1");
  }

  @Test
  void aLogThatEndsLetsInWhoWaitedForIt() {
    FakeNode fake = node(LOGGED);
    fake.broker().log("r", 20);
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    fake.publish("r", "1");
    assertThat(a.hear()).hasSize(1);
    fake.broker().answering(false);
    FakeNode.Client b = fake.client();
    assertThat(b.say(subscribe(",\"since\":{\"epoch\":\"e1\",\"offset\":0}"))).isEmpty();
    change(fake, PLAIN);
    assertThat(b.hear())
        .containsExactly("{\"type\":\"subscribed\",\"id\":1,\"room\":\"r\",\"recovered\":false}");
    fake.broker().answer();
    fake.loop().runAll();
    fake.publish("r", "2");
    assertThat(a.hear()).singleElement().asString().contains("\"message\":2");
    assertThat(b.hear()).singleElement().asString().contains("\"message\":2");
    assertThat(fake.lane().memberCount()).isEqualTo(2);
  }

  @Test
  void aLogThatEndsGivesWhatCameEarly() {
    FakeNode fake = node(LOGGED);
    fake.broker().log("r", 20);
    FakeNode.Client a = fake.client();
    a.say(subscribe(""));
    fake.broker().answering(false);
    fake.broker().losing(true);
    fake.publish("r", "1");
    fake.broker().losing(false);
    fake.publish("r", "2");
    assertThat(a.hear()).isEmpty();
    change(fake, PLAIN);
    assertThat(a.hear()).singleElement().asString().contains("\"message\":2");
  }

  @Test
  void theNextCommandGoesByTheNewRules() {
    FakeNode fake = node(PLAIN);
    fake.broker().log("r", 20);
    FakeNode.Client a = fake.client();
    String history = "{\"type\":\"history\",\"id\":1,\"room\":\"r\"}";
    assertThat(a.say(history)).singleElement().asString().contains("1501");
    change(fake, LOGGED);
    assertThat(a.say(history)).singleElement().asString().contains("\"type\":\"history\"");
    change(fake, PLAIN);
    assertThat(a.say(history)).singleElement().asString().contains("1501");
  }

  @Test
  void moreRoomsThanATurnTakesAllFollow() {
    FakeNode fake = node(PLAIN);
    int rooms = 2 * RuleSweep.SLICE + 7;
    Limits limits = Limits.DEFAULT;
    FakeNode.Client client = fake.client();
    for (int i = 0; i < rooms; i++) {
      if (i % limits.rooms() == 0) {
        client = fake.client();
      }
      client.subscribe("r" + i);
      fake.broker().log("r" + i, 5);
    }
    change(fake, LOGGED);
    for (int i = 0; i < rooms; i++) {
      int number = i;
      boolean[] logged = {false};
      fake.loop()
          .execute(
              () -> {
                Room room = fake.lane().find("r" + number);
                logged[0] = room != null && room.log() != null;
              });
      fake.loop().runAll();
      assertThat(logged[0]).as("r%s", i).isTrue();
    }
  }

  @Test
  void theEmptyBookStaysEmpty() {
    assertThatThrownBy(() -> Rulebook.EMPTY.become(LOGGED))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Rulebook.EMPTY.of("r")).isEqualTo(Rules.DEFAULT);
  }

  @Test
  void tellsWhichLineHolds() {
    Rulebook book =
        RuleReader.book(List.of("* local", "n* local", "news:* local", "news:1 local", "x local"));
    assertThat(book.matching("news:1"))
        .extracting(Rulebook.Entry::pattern)
        .containsExactly("news:1", "news:*", "n*", "*");
    assertThat(book.holding("other")).get().extracting(Rulebook.Entry::pattern).isEqualTo("*");
    assertThat(RuleReader.book(List.of("x local")).holding("y")).isEmpty();
  }
}
