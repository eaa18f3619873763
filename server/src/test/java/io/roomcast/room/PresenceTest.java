package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.Verdicts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What members of rooms with presence are told, without a wire. */
final class PresenceTest {
  private final FakeNode fake =
      new FakeNode(
          Authenticator.OPEN,
          Limits.DEFAULT.withCommandsPerSecond(0),
          RuleReader.book(List.of("r presence=5s", "quick presence=0s", "kept presence log=5/1m")));

  private Client named(String name) {
    Client client = fake.client();
    client.say("{\"type\":\"connect\",\"id\":0,\"name\":\"" + name + "\"}");
    return client;
  }

  private static String joined(String user) {
    return "{\"type\":\"joined\",\"room\":\"r\",\"user\":\"" + user + "\"}";
  }

  private static String left(String user) {
    return "{\"type\":\"left\",\"room\":\"r\",\"user\":\"" + user + "\"}";
  }

  private static List<String> join(Client client) {
    return client.say("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"r\"}");
  }

  private static List<String> ask(Client client, String room, String more) {
    return client.say("{\"type\":\"presence\",\"id\":2,\"room\":\"" + room + "\"" + more + "}");
  }

  private static String users(String list, int count) {
    return "{\"type\":\"presence\",\"id\":2,\"room\":\"r\",\"users\":["
        + list
        + "],\"more\":false,\"count\":"
        + count
        + "}";
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      fake.time().advance(Duration.ofSeconds(1));
      fake.lane().tick();
    }
  }

  @Test
  void aNewMemberIsInBeforeItHearsOfItself() {
    Client ann = named("ann");
    Client ben = named("ben");
    assertThat(join(ann))
        .containsExactly("{\"type\":\"subscribed\",\"id\":1,\"room\":\"r\"}", joined("ann"));
    assertThat(join(ben))
        .containsExactly("{\"type\":\"subscribed\",\"id\":1,\"room\":\"r\"}", joined("ben"));
    assertThat(ann.hear()).containsExactly(joined("ben"));
    assertThat(ask(ann, "r", "")).containsExactly(users("\"ann\",\"ben\"", 2));
    assertThat(fake.node().attendance().counts()).isEqualTo(new PresenceCounts(2, 2, 0, 0));
  }

  @Test
  void whoHasSeveralSessionsIsThereOnce() {
    Client first = named("ann");
    Client second = named("ann");
    Client ben = named("ben");
    join(ben);
    join(first);
    join(second);
    assertThat(ben.hear()).containsExactly(joined("ann"));
    assertThat(ask(ben, "r", ",\"counts\":true"))
        .containsExactly(
            "{\"type\":\"presence\",\"id\":2,\"room\":\"r\",\"count\":2,\"sessions\":3}");
    first.end();
    pass(10);
    assertThat(ben.hear()).isEmpty();
    second.unsubscribe("r");
    pass(10);
    assertThat(ben.hear()).containsExactly(left("ann"));
  }

  @Test
  void whoComesBackInTimeWasNeverGone() {
    Client ben = named("ben");
    join(ben);
    Client ann = named("ann");
    join(ann);
    ben.hear();
    for (int i = 0; i < 3; i++) {
      ann.end();
      pass(4);
      ann = named("ann");
      join(ann);
    }
    pass(10);
    assertThat(ben.hear()).isEmpty();
    ann.end();
    pass(4);
    assertThat(ben.hear()).isEmpty();
    assertThat(ask(ben, "r", "")).containsExactly(users("\"ann\",\"ben\"", 2));
    pass(1);
    assertThat(ben.hear()).containsExactly(left("ann"));
    join(named("ann"));
    assertThat(ben.hear()).containsExactly(joined("ann"));
  }

  @Test
  void withoutGraceWhoGoesIsGone() {
    Client ben = named("ben");
    ben.subscribe("quick");
    Client ann = named("ann");
    ann.subscribe("quick");
    ben.hear();
    ann.end();
    assertThat(ben.hear())
        .containsExactly("{\"type\":\"left\",\"room\":\"quick\",\"user\":\"ann\"}");
  }

  @Test
  void whoSaysLaterWhoItIsLeavesAsWhoItWas() {
    Client ben = named("ben");
    join(ben);
    Client ann = named("ann");
    join(ann);
    ann.say("{\"type\":\"connect\",\"name\":\"eve\"}");
    ben.hear();
    ann.end();
    pass(6);
    assertThat(ben.hear()).containsExactly(left("ann"));
  }

  @Test
  void whoHasNoNameIsKnownByOneThatDoesNotGiveItsSessionAway() {
    Client ben = named("ben");
    join(ben);
    ben.hear();
    Client one = fake.client();
    one.say("{\"type\":\"connect\",\"session\":\"secret\"}");
    join(one);
    List<String> told = ben.hear();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst()).matches(".*\"user\":\"~[0-9a-f]{16}\"}").doesNotContain("secret");
    one.end();
    Client again = fake.client();
    again.say("{\"type\":\"connect\",\"session\":\"secret\"}");
    join(again);
    join(fake.client());
    assertThat(ben.hear()).as("the same one came back, and another").hasSize(1);
  }

  @Test
  void roomsWithoutPresenceCostNothing() {
    Client ann = named("ann");
    assertThat(ann.say("{\"type\":\"SUBSCRIBE\",\"room\":\"plain\"}")).isEmpty();
    ann.end();
    assertThat(fake.presence().takeCalls()).isEmpty();
    assertThat(ask(named("ben"), "plain", "").getFirst()).contains("\"code\":1501");
  }

  @Test
  void membersAreToldWhatWasMissedWhileTheBrokerWasAway() {
    Client ann = named("ann");
    join(ann);
    fake.presence().state("r", "ben", 1);
    fake.presence().state("r", "cal", 1);
    assertThat(ann.hear()).contains(joined("ben"), joined("cal"));
    fake.broker().interrupt();
    fake.presence().losing(true);
    fake.presence().state("r", "ben", 0);
    fake.presence().state("r", "dan", 1);
    assertThat(ask(ann, "r", "").getFirst()).as("not what members were told").contains("dan");
    fake.presence().losing(false);
    fake.broker().confirm("r");
    assertThat(ann.hear()).containsExactly(joined("dan"));
    // Its node may have no more than not said it again yet.
    pass(5);
    assertThat(ann.hear()).isEmpty();
    pass(2);
    assertThat(ann.hear()).containsExactly(left("ben"));
    assertThat(ask(ann, "r", "")).containsExactly(users("\"ann\",\"cal\",\"dan\"", 3));
  }

  @Test
  void whoIsSaidAgainInTimeWasNeverGone() {
    Client ann = named("ann");
    join(ann);
    fake.presence().state("r", "ben", 1);
    ann.hear();
    fake.presence().losing(true);
    fake.presence().state("r", "ben", 0);
    fake.presence().losing(false);
    fake.broker().confirm("r");
    pass(3);
    fake.presence().state("r", "ben", 1);
    pass(20);
    assertThat(ann.hear()).isEmpty();
  }

  @Test
  void whileItCannotBeKnownTheAnswerIsATemporaryErrorAndJoinsGoOn() {
    fake.presence().answering(false);
    Client ann = named("ann");
    assertThat(join(ann))
        .containsExactly("{\"type\":\"subscribed\",\"id\":1,\"room\":\"r\"}", joined("ann"));
    assertThat(ask(ann, "r", "").getFirst()).contains("\"code\":1503", "\"temporary\":true");
    fake.presence().answering(true);
    pass(2);
    assertThat(ask(ann, "r", "")).containsExactly(users("\"ann\"", 1));
  }

  @Test
  void aRoomWithALogTellsItBetweenItsMessages() {
    fake.broker().log("kept", 5);
    Client ann = named("ann");
    ann.say("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"kept\"}");
    fake.publish("kept", "1");
    fake.presence().state("kept", "ben", 1);
    fake.publish("kept", "2");
    assertThat(ann.hear())
        .satisfiesExactly(
            one -> assertThat(one).contains("\"message\":1"),
            two ->
                assertThat(two)
                    .isEqualTo("{\"type\":\"joined\",\"room\":\"kept\",\"user\":\"ben\"}"),
            three -> assertThat(three).contains("\"message\":2"));
  }

  /** A token is a name, and what may be known of who has it. */
  private static final Authenticator TOKENS =
      Verdicts.authenticator(
          token ->
              new Authenticator.Identity(
                  Authenticator.Kind.USER,
                  token.substring(0, 3),
                  Long.MAX_VALUE,
                  0,
                  "",
                  token.substring(3),
                  Grants.NONE));

  private static String told(String user, String info) {
    return "{\"type\":\"joined\",\"room\":\"r\",\"user\":\"" + user + "\",\"info\":" + info + "}";
  }

  private static String with(String users, String infos, int count) {
    return users(users, count).replace("],", "],\"infos\":{" + infos + "},");
  }

  @Test
  void whatATokenSaysOfItsUserIsShown() {
    FakeNode strict =
        new FakeNode(
            TOKENS,
            Limits.DEFAULT.withCommandsPerSecond(0),
            RuleReader.book(List.of("r presence=5s")));
    Client ann = strict.client();
    ann.say("{\"type\":\"connect\",\"token\":\"ann[1]\"}");
    assertThat(join(ann)).last().isEqualTo(told("ann", "[1]"));
    Client ben = strict.client();
    ben.say("{\"type\":\"connect\",\"token\":\"ben\"}");
    assertThat(join(ben)).last().isEqualTo(joined("ben"));
    assertThat(ann.hear()).containsExactly(joined("ben"));
    String both = "\"ann\",\"ben\"";
    assertThat(ask(ben, "r", "")).containsExactly(with(both, "\"ann\":[1]", 2));
    assertThat(ask(ben, "r", ",\"after\":\"ann\"")).containsExactly(users("\"ben\"", 2));
    // A refresh holds from the next join on.
    ann.say("{\"type\":\"refresh\",\"token\":\"ann[2]\"}");
    assertThat(ask(ben, "r", "")).containsExactly(with(both, "\"ann\":[1]", 2));
    ann.say("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r\"}");
    assertThat(join(ann)).hasSize(1);
    assertThat(ask(ben, "r", "")).containsExactly(with(both, "\"ann\":[2]", 2));
    // Of several sessions that which came last with something to say.
    Client second = strict.client();
    second.say("{\"type\":\"connect\",\"token\":\"ann{}\"}");
    join(second);
    Client third = strict.client();
    third.say("{\"type\":\"connect\",\"token\":\"ann\"}");
    join(third);
    assertThat(ask(ben, "r", "")).containsExactly(with(both, "\"ann\":{}", 2));
    strict.presence().takeCalls();
    // Who comes back in time with the same costs nothing.
    for (Client client : List.of(ann, second, third)) {
      client.say("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r\"}");
    }
    strict.presence().takeCalls();
    join(second);
    assertThat(strict.presence().takeCalls()).isEmpty();
    assertThat(ben.hear()).as("nobody has come or gone").isEmpty();
  }
}
