package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What each command does, without a wire. */
final class NodeTest {
  private final FakeNode fake = new FakeNode();

  private static final String MESSAGE = "{\"type\":\"message\",\"room\":\"r\",\"message\":";

  private static String send(Object payload, String more) {
    return "{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":" + payload + more + "}";
  }

  @Test
  void theFirstConversationIsSilentButForTheMessage() {
    Client a = fake.client();
    Client b = fake.client();
    assertThat(a.say("{\"type\":\"SUBSCRIBE\",\"room\":\"r\"}")).isEmpty();
    assertThat(b.say("{\"type\":\"SUBSCRIBE\",\"room\":\"r\"}")).isEmpty();
    assertThat(fake.broker().takeCalls()).containsExactly("+r");
    assertThat(a.say(send("\"hi\"", ""))).containsExactly(MESSAGE + "\"hi\"}");
    assertThat(b.hear()).containsExactly(MESSAGE + "\"hi\"}");
    assertThat(a.say("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r\"}")).isEmpty();
    assertThat(fake.broker().takeCalls()).isEmpty();
    assertThat(b.say(send("1", ""))).containsExactly(MESSAGE + "1}");
    assertThat(a.hear()).isEmpty();
    b.end();
    assertThat(fake.broker().takeCalls()).containsExactly("-r");
    assertThat(fake.telemetry().count("received")).isEqualTo(2);
    assertThat(fake.telemetry().count("delivered")).isEqualTo(3);
    assertThat(fake.telemetry().count("opened")).isEqualTo(2);
    assertThat(fake.telemetry().count("closed")).isEqualTo(1);
  }

  @Test
  void unsubscribeFromAnUnknownRoomIsFine() {
    Client a = fake.client();
    assertThat(a.say("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r\",\"id\":1}"))
        .containsExactly("{\"type\":\"unsubscribed\",\"id\":1,\"room\":\"r\"}");
    fake.client().subscribe("r");
    assertThat(a.say("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r\",\"id\":2}")).hasSize(1);
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(2, 1, 1));
  }

  @Test
  void theAnswerToASendComesAfterTheMessageItself() {
    Client a = fake.client();
    a.subscribe("r");
    assertThat(a.say(send("1", ",\"id\":7")))
        .containsExactly(MESSAGE + "1}", "{\"type\":\"sent\",\"id\":7,\"room\":\"r\"}");
    assertThat(a.transport().unflushed()).isZero();
  }

  @Test
  void aSendThatFailsIsAlwaysToldAndIsNoFaultOfTheClient() {
    Client a = fake.client();
    fake.broker().outcome(Broker.PublishOutcome.UNAVAILABLE);
    for (int i = 0; i < Limits.DEFAULT.errors() * 2; i++) {
      assertThat(a.say(send("1", "")).getFirst())
          .startsWith("{\"type\":\"error\",\"code\":1503,\"error\":\"unavailable\"")
          .endsWith("\"temporary\":true}");
    }
    fake.broker().outcome(Broker.PublishOutcome.OVERLOADED);
    assertThat(a.say(send("1", ",\"id\":1")).getFirst()).contains("\"id\":1,\"code\":1529");
    assertThat(a.transport().closes()).isEmpty();
  }

  @Test
  void echoFalseLeavesOutTheSenderAlone() {
    Client a = fake.client();
    Client b = fake.client();
    a.subscribe("r");
    b.subscribe("r");
    a.tell(send("1", ""));
    a.tell(send("2", ",\"echo\":false"));
    a.tell(send("3", ",\"echo\":true"));
    b.tell(send("4", ",\"echo\":false"));
    assertThat(a.hear()).containsExactly(MESSAGE + "1}", MESSAGE + "3}", MESSAGE + "4}");
    assertThat(b.hear()).containsExactly(MESSAGE + "1}", MESSAGE + "2}", MESSAGE + "3}");
    assertThat(fake.telemetry().count("delivered")).isEqualTo(6);
  }

  @Test
  void echoFalseHoldsAcrossAReconnectAndARename() {
    Client old = fake.client();
    Client again = fake.client();
    old.tell("{\"type\":\"connect\",\"session\":\"s1\"}");
    again.subscribe("r");
    again.tell("{\"type\":\"connect\",\"session\":\"s1\"}");
    old.tell(send("1", ",\"echo\":false"));
    assertThat(again.hear()).isEmpty();
    again.tell(send("2", ",\"echo\":false"));
    again.tell("{\"type\":\"connect\",\"session\":\"s2\"}");
    again.tell(send("3", ",\"echo\":false"));
    assertThat(again.hear()).isEmpty();
    Client unnamed = fake.client();
    unnamed.subscribe("r");
    unnamed.tell(send("4", ",\"echo\":false"));
    unnamed.tell("{\"type\":\"connect\",\"session\":\"s3\"}");
    assertThat(unnamed.hear()).isEmpty();
    assertThat(again.hear()).containsExactly(MESSAGE + "4}");
  }

  @Test
  void noNameIsMadeUpForThoseWhoNeverNeededOne() {
    Client a = fake.client();
    a.subscribe("r");
    fake.client().tell(send("1", ",\"echo\":false"));
    assertThat(a.hear()).hasSize(1);
    assertThat(a.session().named("")).isFalse();
    String id = a.session().id();
    assertThat(a.session().named(id)).isTrue();
    assertThat(a.session().id()).isEqualTo(id).isNotEqualTo(fake.client().session().id());
  }

  @Test
  void connectNamesTheSenderAndSaysWhoOneIs() {
    Client a = fake.client();
    a.subscribe("r");
    assertThat(a.say("{\"type\":\"connect\",\"name\":\"ann\",\"session\":\"s\",\"id\":1}"))
        .containsExactly("{\"type\":\"connected\",\"id\":1,\"session\":\"s\",\"node\":\"fake\"}");
    assertThat(a.say(send("1", ""))).containsExactly(MESSAGE + "1,\"from\":\"ann\"}");
  }

  @Test
  void aRoomWithoutALogOffersNeitherHistoryNorPresenceAndServesNoPosition() {
    Client a = fake.client();
    assertThat(a.say("{\"type\":\"history\",\"room\":\"r\",\"id\":1}").getFirst())
        .contains("\"id\":1,\"code\":1501");
    assertThat(a.say("{\"type\":\"presence\",\"room\":\"r\",\"id\":2}").getFirst())
        .contains("\"id\":2,\"code\":1501");
    assertThat(
            a.say(
                "{\"type\":\"SUBSCRIBE\",\"room\":\"r\",\"since\":{\"epoch\":\"e\",\"offset\":1}}"))
        .containsExactly("{\"type\":\"subscribed\",\"room\":\"r\",\"recovered\":false}");
    assertThat(a.say("{\"type\":\"ping\",\"id\":\"p\"}"))
        .containsExactly("{\"type\":\"pong\",\"id\":\"p\"}");
  }

  @Test
  void moreCommandsThanAllowedAreRefusedUntilTimeHasPassed() {
    FakeNode limited = new FakeNode(Authenticator.OPEN, Limits.DEFAULT);
    Client a = limited.client();
    for (int i = 0; i < 200; i++) {
      a.tell("{\"type\":\"ping\"}");
    }
    assertThat(a.hear()).hasSize(200).containsOnly("{\"type\":\"pong\"}");
    assertThat(a.say("{\"type\":\"ping\",\"id\":1}").getFirst()).contains("\"id\":1,\"code\":1429");
    limited.time().advance(Duration.ofMillis(100));
    IntStream.range(0, 11).forEach(i -> a.tell("{\"type\":\"ping\"}"));
    List<String> heard = a.hear();
    assertThat(heard.subList(0, 10)).containsOnly("{\"type\":\"pong\"}");
    assertThat(heard.get(10)).contains("1429");
  }

  @Test
  void whoGoesOnPastTheErrorsIsClosedOnceAndDoesNothingMore() {
    Client a = fake.client();
    a.transport().onClose(a::end);
    String bad = "{\"type\":\"nope\"},".repeat(500);
    List<String> heard =
        a.say("[" + bad + "{\"type\":\"SUBSCRIBE\",\"room\":\"r\"}," + send("1", "") + "]");
    assertThat(heard).hasSize(Limits.DEFAULT.errors() + 1);
    assertThat(a.transport().closes()).containsExactly(CloseCode.TOO_MANY_ERRORS);
    assertThat(fake.broker().wanted()).isEmpty();
    assertThat(fake.telemetry().count("received")).isZero();
    assertThat(fake.telemetry().count("refused " + ErrorCode.UNKNOWN_TYPE)).isEqualTo(101);
  }

  @Test
  void anErrorIsForgivenEachSecond() {
    Client a = fake.client();
    for (int i = 0; i < 300; i++) {
      a.say("nonsense");
      fake.time().advance(Duration.ofSeconds(1));
    }
    assertThat(a.transport().closes()).isEmpty();
  }

  @Test
  void endingTwiceCountsOnce() {
    Client a = fake.client();
    a.subscribe("r");
    a.end();
    a.end();
    assertThat(fake.telemetry().count("closed 1006")).isEqualTo(1);
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
    assertThat(a.say("{\"type\":\"SUBSCRIBE\",\"room\":\"r\"}")).isEmpty();
    assertThat(fake.broker().wanted()).isEmpty();
  }

  @Test
  void roomsAreListedByNameWithTheirMembers() {
    for (String room : List.of("b", "a1", "a2", "c")) {
      fake.client().subscribe(room);
    }
    fake.client().subscribe("a2");
    assertThat(fake.node().rooms("", "", 2))
        .containsExactly(new Hub.RoomInfo("a1", 1), new Hub.RoomInfo("a2", 2));
    assertThat(fake.node().rooms("a", "a1", 9)).containsExactly(new Hub.RoomInfo("a2", 2));
    assertThat(fake.node().rooms("", "b", 9)).containsExactly(new Hub.RoomInfo("c", 1));
  }

  @Test
  void roomsAreListedWithWhatTheyWereTold() {
    FakeNode.Client client = fake.client();
    client.subscribe("r");
    client.say("{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":1}");
    client.say("{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":2}");
    assertThat(fake.node().rooms("", "", 9)).containsExactly(new Hub.RoomInfo("r", 1, 2));
  }
}
