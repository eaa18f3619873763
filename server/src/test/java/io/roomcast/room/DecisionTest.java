package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.Verdicts;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tokens whose check takes a while: what a client says meanwhile waits, in order. */
final class DecisionTest {
  private static final String CONNECT = "{\"type\":\"connect\",\"id\":1,\"token\":\"good\"}";

  private final ArrayDeque<Runnable> undecided = new ArrayDeque<>();
  private final FakeNode fake =
      new FakeNode(
          Verdicts.later(
              Verdicts.authenticator(
                  token -> {
                    if (token.equals("good")) {
                      return new Identity("ann", Long.MAX_VALUE);
                    }
                    throw new Refused("not this one");
                  }),
              undecided::add),
          Limits.DEFAULT.withCommandsPerSecond(0));

  private void decide() {
    undecided.remove().run();
  }

  private static String send(int n) {
    return "{\"type\":\"sendMessage\",\"id\":" + n + ",\"room\":\"r\",\"message\":" + n + "}";
  }

  @Test
  void whatFollowsIsCarriedOutAfterTheVerdictInOrder() {
    Client a = fake.client();
    assertThat(a.say(CONNECT)).isEmpty();
    assertThat(a.say("{\"type\":\"SUBSCRIBE\",\"id\":2,\"room\":\"r\"}")).isEmpty();
    assertThat(a.say(send(3))).isEmpty();
    assertThat(a.say("{\"type\":\"ping\",\"id\":4}")).isEmpty();
    decide();
    List<String> heard = a.hear();
    assertThat(heard.get(0)).contains("\"connected\",\"id\":1");
    assertThat(heard).anyMatch(text -> text.contains("\"subscribed\",\"id\":2"));
    assertThat(heard).anyMatch(text -> text.endsWith("\"message\":3,\"from\":\"ann\"}"));
    assertThat(heard).anyMatch(text -> text.contains("\"pong\",\"id\":4"));
    assertThat(a.say("{\"type\":\"ping\",\"id\":5}")).hasSize(1);
  }

  @Test
  void aVerdictAgainstItIsOneErrorAndTheRestGoesOn() {
    Client a = fake.client();
    a.tell("{\"type\":\"connect\",\"id\":1,\"token\":\"bad\"}");
    a.tell("{\"type\":\"SUBSCRIBE\",\"id\":2,\"room\":\"r\"}");
    a.tell(CONNECT.replace("1", "3"));
    a.tell("{\"type\":\"ping\",\"id\":4}");
    decide();
    assertThat(a.hear())
        .hasSize(2)
        .allMatch(text -> text.contains("\"code\":1401"))
        .anyMatch(text -> text.contains("\"id\":2"));
    decide();
    assertThat(a.hear())
        .satisfiesExactly(
            text -> assertThat(text).contains("\"connected\",\"id\":3"),
            text -> assertThat(text).contains("\"pong\",\"id\":4"));
  }

  @Test
  void onlySoManyWait() {
    Client a = fake.client();
    a.tell(CONNECT);
    IntStream.range(0, Deferred.MOST).forEach(i -> a.tell("{\"type\":\"ping\",\"id\":" + i + "}"));
    assertThat(a.say("{\"type\":\"ping\",\"id\":99}"))
        .singleElement()
        .asString()
        .contains("\"id\":99,\"code\":1529");
    decide();
    assertThat(a.hear()).hasSize(1 + Deferred.MOST);
  }

  @Test
  void onlySoManyBytesWait() {
    Client a = fake.client();
    a.tell(CONNECT);
    String large =
        "{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":\"" + "x".repeat(60_000) + "\"}";
    for (int i = 0; i < Deferred.MOST_BYTES / 60_002; i++) {
      assertThat(a.say(large)).isEmpty();
    }
    assertThat(a.say(large)).singleElement().asString().contains("\"code\":1529");
  }

  @Test
  void whoHasGoneIsToldNothing() {
    Client a = fake.client();
    a.tell(CONNECT);
    a.tell(send(2));
    a.end();
    decide();
    assertThat(a.hear()).isEmpty();
    assertThat(fake.telemetry().count("received")).isZero();
  }
}
