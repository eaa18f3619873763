package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Joins wait for the broker, and each is answered exactly once. */
final class JoinTest {
  private final FakeNode fake = new FakeNode();

  @BeforeEach
  void theBrokerTakesItsTime() {
    fake.broker().confirming(false);
  }

  private static String subscribe(int id, String room) {
    return "{\"type\":\"SUBSCRIBE\",\"id\":" + id + ",\"room\":\"" + room + "\"}";
  }

  private static String subscribed(int id, String room) {
    return "{\"type\":\"subscribed\",\"id\":" + id + ",\"room\":\"" + room + "\"}";
  }

  private static void assertError(String text, int id, int code) {
    assertThat(text).startsWith("{\"type\":\"error\",\"id\":" + id + ",\"code\":" + code + ",");
  }

  @Test
  void aJoinIsAnsweredWhenTheBrokerConfirms() {
    Client a = fake.client();
    Client b = fake.client();
    assertThat(a.say(subscribe(1, "r"))).isEmpty();
    assertThat(b.say(subscribe(2, "r"))).isEmpty();
    assertThat(fake.node().rooms("", "", 10)).as("nobody is in it yet").isEmpty();
    fake.broker().confirm("r");
    assertThat(a.hear()).containsExactly(subscribed(1, "r"));
    assertThat(b.hear()).containsExactly(subscribed(2, "r"));
    assertThat(fake.node().rooms("", "", 10)).containsExactly(new Hub.RoomInfo("r", 2));
    assertThat(fake.client().say(subscribe(3, "r"))).containsExactly(subscribed(3, "r"));
    assertThat(fake.broker().takeCalls()).containsExactly("+r");
  }

  private static String send(String room, String message, int id) {
    return "{\"type\":\"sendMessage\",\"id\":"
        + id
        + ",\"room\":\""
        + room
        + "\",\"message\":\""
        + message
        + "\"}";
  }

  @Test
  void whatIsSentRightBehindAJoinWaitsForIt() {
    Client a = fake.client();
    a.tell(subscribe(1, "r"));
    a.tell(send("r", "one", 2));
    a.tell(send("r", "two", 3));
    assertThat(a.say(send("other", "x", 4)))
        .as("other rooms do not wait")
        .containsExactly("{\"type\":\"sent\",\"id\":4,\"room\":\"other\"}");
    fake.broker().confirm("r");
    assertThat(a.hear())
        .contains(subscribed(1, "r"))
        .filteredOn(text -> text.contains("\"message\":"))
        .containsExactly(
            "{\"type\":\"message\",\"room\":\"r\",\"message\":\"one\"}",
            "{\"type\":\"message\",\"room\":\"r\",\"message\":\"two\"}");
  }

  @Test
  void whatWaitsForAJoinIsSentAlsoWhenTheClientGoes() {
    Client a = fake.client();
    a.tell(subscribe(1, "r"));
    a.tell(send("r", "one", 2));
    Client b = fake.client();
    b.tell(subscribe(1, "r"));
    a.end();
    assertThat(fake.telemetry().count("received")).isEqualTo(1);
  }

  @Test
  void whatWaitsForAJoinIsBounded() {
    Client a = fake.client();
    a.tell(subscribe(1, "r"));
    for (int i = 0; i < 64; i++) {
      assertThat(a.say(send("r", "x", i + 2))).isEmpty();
    }
    List<String> refused = a.say(send("r", "x", 99));
    assertThat(refused).hasSize(1);
    assertError(refused.getFirst(), 99, 1529);
  }

  @Test
  void subscribeTwiceWhileWaitingIsOneMembershipAndTwoAnswers() {
    Client a = fake.client();
    a.tell(subscribe(1, "r"));
    a.tell(subscribe(2, "r"));
    fake.broker().confirm("r");
    assertThat(a.hear()).containsExactly(subscribed(1, "r"), subscribed(2, "r"));
    assertThat(a.say(subscribe(3, "r"))).containsExactly(subscribed(3, "r"));
    fake.publish("r", "1");
    assertThat(a.hear()).hasSize(1);
    a.unsubscribe("r");
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(1, 0, 0));
    assertThat(fake.broker().takeCalls()).containsExactly("+r", "-r");
  }

  @Test
  void subscribeBetweenTheConfirmationAndItsTurnIsOneMembership() {
    Client a = fake.client();
    a.tell(subscribe(1, "r"));
    fake.broker().confirm("r");
    a.tell(subscribe(2, "r"));
    assertThat(a.hear()).containsExactlyInAnyOrder(subscribed(1, "r"), subscribed(2, "r"));
    fake.publish("r", "1");
    assertThat(a.hear()).hasSize(1);
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(1, 1, 1));
  }

  @Test
  void unsubscribeWhileWaitingCancelsEveryJoinOfTheSession() {
    Client a = fake.client();
    Client b = fake.client();
    a.tell(subscribe(1, "r"));
    b.tell(subscribe(2, "r"));
    a.tell(subscribe(3, "r"));
    a.tell("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r\",\"id\":4}");
    List<String> heard = a.hear();
    assertError(heard.get(0), 1, 1499);
    assertError(heard.get(1), 3, 1499);
    assertThat(heard.get(2)).startsWith("{\"type\":\"unsubscribed\",\"id\":4");
    assertThat(heard).hasSize(3);
    assertThat(fake.broker().takeCalls()).containsExactly("+r");
    fake.broker().confirm("r");
    assertThat(a.hear()).isEmpty();
    assertThat(b.hear()).containsExactly(subscribed(2, "r"));
  }

  @Test
  void cancelledJoinsAreNotHeldAgainstTheClient() {
    Client a = fake.client();
    for (int i = 0; i < Limits.DEFAULT.errors() * 2; i++) {
      a.tell(subscribe(i, "r"));
      a.unsubscribe("r");
    }
    assertThat(a.hear()).hasSize(Limits.DEFAULT.errors() * 2);
    assertThat(a.transport().closes()).isEmpty();
  }

  @Test
  void anOldTicketIsIgnored() {
    Client a = fake.client();
    a.tell(subscribe(1, "r"));
    long old = fake.broker().ticket("r");
    a.unsubscribe("r");
    a.tell(subscribe(2, "r"));
    a.hear();
    fake.broker().confirm("r", old);
    fake.broker().confirm("never", old);
    assertThat(a.hear()).isEmpty();
    fake.broker().confirm("r");
    assertThat(a.hear()).containsExactly(subscribed(2, "r"));
    assertThat(fake.broker().takeCalls()).containsExactly("+r", "-r", "+r");
  }

  @Test
  void aConfirmationThatComesAfterTheLastHasLeftIsWithoutEffect() {
    Client a = fake.client();
    a.tell(subscribe(1, "r"));
    fake.broker().confirm("r");
    a.end();
    assertThat(a.hear()).isEmpty();
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
    assertThat(fake.broker().wanted()).isEmpty();
  }

  @Test
  void afterAnInterruptionMembersStayAndJoinsWaitAgain() {
    Client a = fake.client();
    a.tell(subscribe(1, "r"));
    fake.broker().confirm("r");
    a.hear();
    Client b = fake.client();
    b.tell(subscribe(2, "q"));
    fake.broker().confirm("q");
    fake.broker().interrupt();
    assertThat(b.hear()).as("confirmed, but cut off before its turn").isEmpty();
    assertThat(b.say(subscribe(3, "r"))).isEmpty();
    fake.publish("r", "1");
    assertThat(a.hear()).as("what comes all the same is passed on").hasSize(1);
    fake.broker().confirm("r");
    fake.broker().confirm("q");
    assertThat(b.hear()).containsExactlyInAnyOrder(subscribed(2, "q"), subscribed(3, "r"));
    fake.publish("r", "2");
    assertThat(a.hear()).hasSize(1);
    assertThat(b.hear()).hasSize(1);
    assertThat(fake.broker().takeCalls()).containsExactly("+r", "+q");
  }

  @Test
  void aJoinThatIsNotConfirmedInTimeFails() {
    Client early = fake.client();
    Client late = fake.client();
    early.tell(subscribe(1, "r"));
    fake.time().advance(Duration.ofSeconds(3));
    late.tell(subscribe(2, "r"));
    early.tell(subscribe(3, "r"));
    fake.time().advance(Duration.ofSeconds(2));
    fake.lane().tick();
    List<String> heard = early.hear();
    assertThat(heard).hasSize(1);
    assertError(heard.getFirst(), 1, 1503);
    assertThat(late.hear()).isEmpty();
    assertThat(early.transport().unflushed()).isZero();
    fake.time().advance(Duration.ofSeconds(3));
    fake.lane().tick();
    assertError(early.hear().getFirst(), 3, 1503);
    assertError(late.hear().getFirst(), 2, 1503);
    assertThat(fake.broker().takeCalls()).containsExactly("+r", "-r");
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(2, 0, 0));
    fake.lane().tick();
    late.tell(subscribe(4, "r"));
    fake.broker().confirm("r");
    assertThat(late.hear()).containsExactly(subscribed(4, "r"));
  }

  @Test
  void waitingCountsAgainstTheNumberOfRooms() {
    Client a = fake.client();
    for (int i = 0; i < Limits.DEFAULT.rooms(); i++) {
      assertThat(a.say(subscribe(i, "r" + i))).isEmpty();
    }
    assertError(a.say(subscribe(999, "one-more")).getFirst(), 999, 1430);
    assertThat(a.say(subscribe(1000, "r0"))).as("a room it has is none more").isEmpty();
    assertThat(fake.broker().wanted()).hasSize(Limits.DEFAULT.rooms());
    a.unsubscribe("r0");
    assertThat(a.hear()).hasSize(2);
    assertThat(a.say(subscribe(1001, "one-more"))).isEmpty();
    a.end();
    assertThat(fake.broker().wanted()).isEmpty();
    assertThat(a.hear()).isEmpty();
  }

  @Test
  void aClosedSessionJoinsNothing() {
    Client a = fake.client();
    a.end();
    List<JoinOutcome> outcomes = new ArrayList<>();
    fake.node().join(a.session(), "r", JoinFrom.NOW, (outcome, start) -> outcomes.add(outcome));
    assertThat(outcomes).containsExactly(JoinOutcome.CANCELLED);
    assertThat(fake.broker().wanted()).isEmpty();
  }

  @Test
  void whoEndsWhileBeingAdmittedLeavesNothingBehind() {
    for (int count : new int[] {1, 2, 5}) {
      for (int ends = 0; ends < count; ends++) {
        for (int victim = 0; victim < count; victim++) {
          List<Client> clients = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            Client client = fake.client();
            client.tell(subscribe(1, "r"));
            client.tell(subscribe(2, "r"));
            clients.add(client);
          }
          Client gone = clients.get(victim);
          clients.get(ends).transport().onWrite(gone::end);
          fake.broker().confirm("r");
          fake.loop().runAll();
          assertThat(fake.node().hub().size().members()).isEqualTo(count - 1);
          if (count > 1) {
            fake.publish("r", "7");
          }
          for (Client client : clients) {
            if (!client.equals(gone)) {
              assertThat(client.hear()).hasSize(3);
            }
            client.end();
          }
          assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
          assertThat(fake.broker().wanted()).isEmpty();
        }
      }
    }
  }

  @Test
  void allMayEndWhileBeingAdmitted() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Client client = fake.client();
      client.tell(subscribe(1, "r"));
      clients.add(client);
      client.transport().onWrite(() -> clients.forEach(Client::end));
    }
    fake.broker().confirm("r");
    fake.loop().runAll();
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
    assertThat(fake.broker().wanted()).isEmpty();
  }

  @Test
  void whoEndsWhileOthersAreRefusedLeavesNothingBehind() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Client client = fake.client();
      client.tell(subscribe(1, "r"));
      clients.add(client);
    }
    // The first that is told tries again at once, and takes the others with it.
    Client first = clients.getFirst();
    first
        .transport()
        .onWrite(
            () -> {
              first.transport().onWrite(() -> {});
              first.tell(subscribe(2, "r"));
              clients.stream().skip(1).forEach(Client::end);
            });
    fake.time().advance(Duration.ofMinutes(1));
    fake.lane().tick();
    fake.loop().runAll();
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(1, 1, 0));
    fake.broker().confirm("r");
    assertThat(first.hear()).contains(subscribed(2, "r"));
    assertThat(fake.broker().takeCalls()).containsExactly("+r", "-r", "+r");
    first.end();
    assertThat(fake.broker().wanted()).isEmpty();
  }
}
