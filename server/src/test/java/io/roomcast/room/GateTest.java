package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rooms whose rules leave it to a program of the operator's; and who joins and leaves. */
final class GateTest {
  private record Asked(Gate.Question question, Consumer<Permission> answer) {}

  private final ArrayDeque<Asked> asked = new ArrayDeque<>();
  private final List<String> visits = new ArrayList<>();
  private final FakeNode fake =
      new FakeNode(
          Authenticator.OPEN,
          Limits.DEFAULT.withCommandsPerSecond(0),
          RuleReader.book(List.of("r join=webhook send=webhook history=webhook members=webhook")),
          (question, answer) -> asked.add(new Asked(question, answer)),
          new Recorder());

  private final class Recorder implements Visits {
    @Override
    public void joined(String room, String user, String session) {
      visits.add("+" + room + " " + session);
    }

    @Override
    public void left(String room, String user, String session) {
      visits.add("-" + room + " " + session);
    }

    @Override
    public boolean wanted() {
      return true;
    }
  }

  private static final String JOIN = "{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"r\"}";

  private static String send(int id) {
    return "{\"type\":\"sendMessage\",\"id\":" + id + ",\"room\":\"r\",\"message\":" + id + "}";
  }

  @Test
  void aCommandWaitsForTheAnswerAndLaterOnesForIt() {
    Client a = fake.client();
    assertThat(a.say(JOIN)).isEmpty();
    assertThat(a.say(send(2))).isEmpty();
    assertThat(a.say("{\"type\":\"ping\",\"id\":3}")).isEmpty();
    assertThat(asked).hasSize(1);
    assertThat(asked.peek().question().action()).isEqualTo(Action.JOIN);
    asked.remove().answer().accept(Permission.GRANTED);
    assertThat(a.hear()).singleElement().asString().contains("\"subscribed\",\"id\":1");
    Gate.Question second = asked.peek().question();
    assertThat(second.action()).isEqualTo(Action.SEND);
    assertThat(second.message()).asString().isEqualTo("2");
    assertThat(second.session()).isEqualTo(a.session().id());
    asked.remove().answer().accept(Permission.GRANTED);
    assertThat(a.hear())
        .hasSize(3)
        .anyMatch(text -> text.contains("\"sent\",\"id\":2"))
        .anyMatch(text -> text.contains("\"message\":2"))
        .anyMatch(text -> text.contains("\"pong\",\"id\":3"));
  }

  @ParameterizedTest
  @CsvSource({"DENIED, 1403, false", "UNDECIDED, 1503, true", "BUSY, 1529, true"})
  void whatIsNotGrantedIsAnError(Permission answer, int code, boolean temporary) {
    Client a = fake.client();
    a.tell(JOIN);
    asked.remove().answer().accept(answer);
    assertThat(a.hear())
        .singleElement()
        .asString()
        .contains("\"id\":1,\"code\":" + code, "\"temporary\":" + temporary);
    assertThat(fake.broker().wanted()).isEmpty();
    assertThat(a.say("{\"type\":\"ping\"}")).hasSize(1);
  }

  @Test
  void anAnswerForWhoHasGoneIsNothing() {
    Client a = fake.client();
    a.tell(JOIN);
    a.end();
    asked.remove().answer().accept(Permission.GRANTED);
    assertThat(a.hear()).isEmpty();
    assertThat(fake.broker().wanted()).isEmpty();
    assertThat(visits).isEmpty();
  }

  @Test
  void joinsAndLeavesAreHeardOf() {
    Client a = fake.client();
    a.tell("{\"type\":\"connect\",\"session\":\"s\"}");
    a.subscribe("x");
    a.subscribe("x");
    a.subscribe("y");
    a.hear();
    a.unsubscribe("x");
    a.unsubscribe("x");
    a.end();
    assertThat(visits).containsExactly("+x s", "+y s", "-x s", "-y s");
  }
}
