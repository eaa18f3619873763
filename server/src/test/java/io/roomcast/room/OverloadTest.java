package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More than a lane can take is counted and told, and costs no member its place. */
final class OverloadTest {
  private final FakeNode fake = new FakeNode();

  private Client member(String room) {
    Client client = fake.client();
    client.subscribe(room);
    fake.loop().runAll();
    return client;
  }

  private static List<String> gaps(List<String> heard) {
    return heard.stream().filter(text -> text.startsWith("{\"type\":\"gap\"")).toList();
  }

  @Test
  void aFullQueueIsAGapThatIsCountedAndTold() {
    Client a = member("r");
    Client b = member("other");
    int over = 1000;
    for (int i = 0; i < Inbox.QUEUE + over; i++) {
      fake.publish("r", "1");
    }
    fake.publish("other", "1");
    List<String> heard = a.hear();
    assertThat(fake.telemetry().count("dropped LANE_FULL")).isEqualTo(over + 1);
    assertThat(heard).hasSize(Inbox.QUEUE + 1);
    assertThat(gaps(heard)).hasSize(1);
    assertThat(heard.getLast()).contains("\"room\":\"r\"", "\"reason\":\"overload\"");
    assertThat(b.hear())
        .hasSize(1)
        .isEqualTo(
            gaps(
                List.of(
                    "{\"type\":\"gap\",\"room\":\"other\",\"since\":1700000000000,\"until\":1700000000000,"
                        + "\"reason\":\"overload\"}")));
    fake.publish("r", "2");
    assertThat(a.hear()).as("all is well again").hasSize(1);
  }

  @Test
  void aGapBeginsWhereTheLaneWasLastSeenToBeEven() {
    Client a = member("r");
    fake.time().advance(Duration.ofSeconds(1));
    fake.lane().tick();
    long even = fake.time().wallMillis();
    fake.publish("r", "1");
    fake.time().advance(Duration.ofSeconds(1));
    fake.lane().tick();
    for (int i = 0; i < Inbox.QUEUE; i++) {
      fake.publish("r", "1");
    }
    assertThat(gaps(a.hear()))
        .containsExactly(
            "{\"type\":\"gap\",\"room\":\"r\",\"since\":%d,\"until\":%d,\"reason\":\"overload\"}"
                .formatted(even, even + 1000));
    fake.lane().tick();
    assertThat(fake.lane().inbox().evenWall()).isEqualTo(even + 1000);
  }

  @Test
  void manyBytesFillTheQueueToo() {
    Client a = member("r");
    String large = "\"" + "x".repeat(1024 * 1024) + "\"";
    for (int i = 0; i < 100; i++) {
      fake.publish("r", large);
    }
    List<String> heard = a.hear();
    assertThat(heard).hasSize(63 + 1);
    assertThat(gaps(heard)).hasSize(1);
    fake.publish("r", large);
    assertThat(a.hear()).as("the bytes are given back").hasSize(1);
  }

  @Test
  void aGapOfARoomThatIsGoneIsForgotten() {
    Client a = member("r");
    for (int i = 0; i < Inbox.QUEUE + 1; i++) {
      fake.publish("r", "1");
    }
    a.end();
    fake.loop().runAll();
    Client again = member("r");
    assertThat(again.hear()).isEmpty();
    for (int i = 0; i < Inbox.QUEUE; i++) {
      fake.publish("r", "1");
    }
    assertThat(again.hear()).as("the whole queue is free again").hasSize(Inbox.QUEUE);
  }

  @Test
  void aConfirmationIsNotLostInAFullQueue() {
    Client a = member("r");
    fake.broker().confirming(false);
    Client b = fake.client();
    b.subscribe("q");
    for (int i = 0; i < Inbox.QUEUE + 1; i++) {
      fake.publish("r", "1");
    }
    fake.broker().confirm("q");
    a.hear();
    fake.publish("q", "1");
    assertThat(b.hear()).hasSize(1);
  }

  @Test
  void anOverloadThatLastsIsToldEachSecond() {
    Client a = member("r");
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 2 * Inbox.QUEUE; i++) {
        fake.publish("r", "1");
      }
      fake.loop().runOne();
      fake.lane().tick();
    }
    assertThat(gaps(a.hear())).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void aLoopThatHasEndedTakesNothingAndHarmsNobody() {
    Client a = member("r");
    fake.loop().end();
    fake.publish("r", "1");
    fake.publish("r", "2");
    fake.lane().execute(() -> a.session().close(io.roomcast.protocol.CloseCode.NORMAL, "", 0));
    assertThat(a.transport().closes()).isEmpty();
    assertThat(a.hear()).isEmpty();
  }

  @Test
  void closingAllAsksEachOnceEvenWhoDoesNotEndAtOnce() {
    List<Client> slow = List.of(fake.client(), fake.client(), fake.client());
    List<Client> quick = List.of(fake.client(), fake.client(), fake.client());
    quick.forEach(client -> client.transport().onClose(client::end));
    fake.node().hub().closeSome(Integer.MAX_VALUE, session -> 1);
    fake.loop().runAll();
    for (Client client : slow) {
      assertThat(client.transport().closes()).hasSize(1);
    }
    for (Client client : quick) {
      assertThat(client.transport().closes()).hasSize(1);
    }
    assertThat(fake.node().hub().size().sessions()).isEqualTo(3);
  }
}
