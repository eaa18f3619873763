package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.RecordingTransport.RecordedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From a publish to every member, once and in order, whatever happens on the way. */
final class DeliveryTest {
  private final FakeNode fake = new FakeNode();

  @AfterEach
  void everyFrameIsReleased() {
    fake.loop().runAll();
    assertThat(RecordedFrame.open()).isZero();
  }

  private List<Client> members(int count, String room) {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Client client = fake.client();
      client.subscribe(room);
      clients.add(client);
    }
    fake.loop().runAll();
    return clients;
  }

  private static String message(String room, Object payload) {
    return "{\"type\":\"message\",\"room\":\"" + room + "\",\"message\":" + payload + "}";
  }

  private static List<String> messages(String room, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> message(room, i)).toList();
  }

  private void publish(String room, int from, int to) {
    for (int i = from; i < to; i++) {
      fake.publish(room, "" + i);
    }
  }

  @Test
  void everyMemberGetsEveryMessageOnceAndInOrder() {
    List<Client> clients = members(10, "r");
    Client other = members(1, "other").getFirst();
    publish("r", 0, 100);
    for (Client client : clients) {
      assertThat(client.hear()).isEqualTo(messages("r", 0, 100));
    }
    assertThat(other.hear()).isEmpty();
    assertThat(fake.telemetry().count("delivered")).isEqualTo(1000);
  }

  @Test
  void whatComesInOneTurnIsOneWriteAndOneFlushForEachMember() {
    Client both = fake.client();
    both.subscribe("a");
    both.subscribe("b");
    fake.loop().runAll();
    int flushes = both.transport().flushes();
    publish("a", 0, 5);
    publish("b", 0, 5);
    assertThat(both.hear())
        .containsExactlyInAnyOrderElementsOf(
            java.util.stream.Stream.concat(
                    messages("a", 0, 5).stream(), messages("b", 0, 5).stream())
                .toList());
    assertThat(both.transport().roomWrites()).isEqualTo(2);
    assertThat(both.transport().flushes() - flushes).isEqualTo(1);
  }

  @Test
  void aMemberThatEndsDuringTheFanOutCostsNobodyAMessage() {
    int count = 40;
    for (int ends = 0; ends < count; ends++) {
      for (int victim : new int[] {0, ends, (ends + 1) % count, count - 1}) {
        String room = "r" + ends + "-" + victim;
        List<Client> clients = members(count, room);
        Client gone = clients.get(victim);
        clients.get(ends).transport().onWrite(gone::end);
        publish(room, 0, 2);
        fake.loop().runAll();
        publish(room, 2, 3);
        for (Client client : clients) {
          if (!client.equals(gone)) {
            assertThat(client.hear()).as(room).isEqualTo(messages(room, 0, 3));
          }
        }
        clients.forEach(Client::end);
      }
    }
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
    assertThat(fake.broker().wanted()).isEmpty();
  }

  @Test
  void allMembersMayEndDuringTheFanOut() {
    List<Client> clients = members(20, "r");
    clients.get(3).transport().onWrite(() -> clients.forEach(Client::end));
    publish("r", 0, 1);
    fake.loop().runAll();
    for (int i = 0; i < 20; i++) {
      assertThat(clients.get(i).transport().take()).hasSize(i < 3 ? 1 : i == 3 ? 1 : 0);
    }
    assertThat(fake.broker().wanted()).isEmpty();
    List<Client> again = members(2, "r");
    publish("r", 5, 6);
    again.forEach(client -> assertThat(client.hear()).isEqualTo(messages("r", 5, 6)));
  }

  @Test
  void aMemberThatLeavesAndComesBackDuringTheFanOutGetsNothingTwice() {
    List<Client> clients = members(10, "r");
    Client restless = clients.get(7);
    clients
        .get(2)
        .transport()
        .onWrite(
            () -> {
              restless.unsubscribe("r");
              restless.subscribe("r");
            });
    publish("r", 0, 1);
    assertThat(restless.hear()).isEmpty();
    clients.get(2).transport().onWrite(() -> {});
    publish("r", 1, 2);
    assertThat(restless.hear()).isEqualTo(messages("r", 1, 2));
    assertThat(clients.get(9).hear()).isEqualTo(messages("r", 0, 2));
  }

  @Test
  void aRoomLargerThanATurnIsServedOverSeveralWhileOthersInterleave() {
    List<Client> crowd = members(5000, "big");
    Client small = members(1, "small").getFirst();
    publish("big", 0, 2);
    fake.loop().runOne();
    publish("small", 0, 1);
    assertThat(crowd.stream().filter(c -> c.transport().roomWrites() > 0)).hasSize(Lane.SLICE);
    Client late = fake.client();
    late.subscribe("big");
    crowd.get(0).end();
    crowd.get(2500).end();
    fake.loop().runOne();
    fake.loop().runOne();
    assertThat(small.transport().take()).as("does not wait for the crowd").hasSize(1);
    assertThat(crowd.get(4999).transport().roomWrites()).isZero();
    publish("big", 2, 3);
    assertThat(late.hear()).as("was not there for the first").isEqualTo(messages("big", 2, 3));
    for (int i = 1; i < 5000; i++) {
      if (i != 2500) {
        assertThat(crowd.get(i).transport().take()).isEqualTo(messages("big", 0, 3));
        assertThat(crowd.get(i).transport().unflushed()).isZero();
      }
    }
    crowd.forEach(Client::end);
    late.end();
    small.end();
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
  }

  @Test
  void aRoomThatIsLeftWhileItWaitsForItsTurnIsForgotten() {
    List<Client> crowd = members(2000, "r");
    publish("r", 0, 1);
    fake.loop().runOne();
    publish("r", 1, 2);
    crowd.forEach(Client::end);
    Client next = members(1, "r").getFirst();
    publish("r", 2, 3);
    assertThat(next.hear()).isSubsetOf(messages("r", 1, 3)).endsWith(message("r", 2));
    next.end();
    assertThat(fake.broker().wanted()).isEmpty();
    assertThat(fake.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
  }

  @Test
  void aTransportThatThrowsStopsNeitherItsRoomNorItsLane() {
    List<Client> clients = members(5, "r");
    clients
        .get(1)
        .transport()
        .onWrite(
            () -> {
              throw new IllegalStateException("a fault in a transport");
            });
    publish("r", 0, 2);
    runPastFaults();
    publish("r", 2, 3);
    runPastFaults();
    for (int i : new int[] {0, 2, 3, 4}) {
      assertThat(clients.get(i).transport().take()).isEqualTo(messages("r", 0, 3));
      assertThat(clients.get(i).transport().unflushed()).isZero();
    }
  }

  private void runPastFaults() {
    for (int turns = 0; turns < 100; turns++) {
      try {
        fake.loop().runAll();
        return;
      } catch (IllegalStateException e) {
        // As a loop does: it logs, and goes on with its next task.
        assertThat(e).hasMessage("a fault in a transport");
      }
    }
  }

  @Test
  void aFlushThatFlushesLeavesNobodyUnflushed() {
    List<Client> clients = members(4, "r");
    Client writer = clients.get(1);
    Client hit = clients.get(3);
    boolean[] once = {false};
    writer
        .transport()
        .onFlush(
            () -> {
              if (!once[0]) {
                once[0] = true;
                fake.lane().flush();
                hit.session().send("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
              }
            });
    publish("r", 0, 1);
    fake.loop().runAll();
    assertThat(hit.transport().unflushed()).isZero();
  }

  @Test
  void whatWaitsForACrowdIsBoundedInBytesForEachWriteAndInAll() {
    List<Client> crowd = members(1200, "big");
    String payload = "\"" + "x".repeat(60_000) + "\"";
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 300; i++) {
        fake.publish("big", payload);
      }
      fake.loop().runOne();
    }
    long dropped = fake.telemetry().count("dropped LANE_FULL");
    assertThat(dropped).as("64 MiB and no more are kept for the crowd").isBetween(1800L, 2100L);
    fake.loop().runAll();
    List<String> got = crowd.get(0).transport().take();
    assertThat(got).hasSize((int) (3000 - dropped + gaps(got)));
    assertThat(gaps(got)).isPositive();
    assertThat(crowd.get(1199).transport().take()).isEqualTo(got);
    assertThat(crowd.get(0).transport().roomWrites())
        .as("a write stays far below the unread output that a client may have")
        .isGreaterThanOrEqualTo((int) (3000 - dropped) / 2);
  }

  private static long gaps(List<String> got) {
    return got.stream().filter(text -> text.startsWith("{\"type\":\"gap\"")).count();
  }

  @Test
  void whoHasBeenWrittenToIsFlushedOnceEvenByManyRooms() {
    Client client = fake.client();
    for (int i = 0; i < 100; i++) {
      client.subscribe("r" + i);
    }
    fake.loop().runAll();
    int flushes = client.transport().flushes();
    IntStream.range(0, 100).forEach(i -> fake.publish("r" + i, "1"));
    assertThat(client.hear()).hasSize(100);
    assertThat(client.transport().flushes() - flushes).isEqualTo(1);
  }

  @Test
  void leavingDoesNotPushALaneThatIsBehind() {
    List<Client> crowd = IntStream.range(0, 3000).mapToObj(i -> fake.client()).toList();
    crowd.forEach(client -> client.subscribe("r"));
    fake.loop().runAll();
    fake.publish("r", "1");
    assertThat(fake.loop().runOne()).isTrue();
    fake.publish("r", "2");
    for (int i = 0; i < 20; i++) {
      crowd.get(i).unsubscribe("r");
    }
    assertThat(crowd.getLast().transport().take()).as("its turn has not come").isEmpty();
    int turns = 0;
    while (fake.loop().runOne()) {
      turns++;
    }
    assertThat(turns).as("the rest of the first, and the second").isLessThanOrEqualTo(6);
    assertThat(crowd.getLast().transport().take()).hasSize(2);
  }
}
