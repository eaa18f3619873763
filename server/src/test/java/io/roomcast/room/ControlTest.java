package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.protocol.CloseCode;
import io.roomcast.room.ClusterAnswer.SessionInfo;
import io.roomcast.room.ClusterCommand.Who;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the server API does to one node's sessions. */
final class ControlTest {
  private final FakeNode fake = new FakeNode();
  private final Control control = new Control(fake.node(), fake.ruling(), "9.9");

  /** Carries it out on a thread of its own, as a cluster does, while the loop runs. */
  private ClusterAnswer carryOut(ClusterCommand command) {
    CompletableFuture<ClusterAnswer> answer =
        CompletableFuture.supplyAsync(() -> control.carryOut(command));
    // The loop is the test's own thread.
    await()
        .pollInSameThread()
        .until(
            () -> {
              fake.loop().runAll();
              return answer.isDone();
            });
    return answer.join();
  }

  private Client named(String session, String name) {
    Client client = fake.client();
    client.say(
        "{\"type\":\"connect\",\"id\":1,\"session\":\""
            + session
            + "\",\"name\":\""
            + name
            + "\"}");
    return client;
  }

  @Test
  void aUsersSessionsAreFoundWithTheirRooms() {
    Client one = named("s1", "ann");
    named("s2", "ann");
    named("s3", "bob");
    one.subscribe("r1");
    one.subscribe("r2");
    one.hear();
    ClusterAnswer.Sessions found =
        (ClusterAnswer.Sessions) carryOut(new ClusterCommand.Sessions(Who.user("ann"), 10));
    assertThat(found.sessions())
        .containsExactlyInAnyOrder(
            new SessionInfo("s1", "ann", "websocket", List.of("r1", "r2")),
            new SessionInfo("s2", "ann", "websocket", List.of()));
    assertThat(found.more()).isFalse();
    ClusterAnswer.Sessions some =
        (ClusterAnswer.Sessions) carryOut(new ClusterCommand.Sessions(Who.user("ann"), 1));
    assertThat(some.sessions()).hasSize(1);
    assertThat(some.more()).isTrue();
    assertThat(carryOut(new ClusterCommand.Sessions(Who.session("s3"), 10)))
        .isEqualTo(
            new ClusterAnswer.Sessions(
                "fake", List.of(new SessionInfo("s3", "bob", "websocket", List.of())), false));
  }

  @Test
  void disconnectingClosesWhomItMeansAndNobodyElse() {
    Client ann = named("s1", "ann");
    Client bob = named("s2", "bob");
    assertThat(
            carryOut(
                new ClusterCommand.Disconnect(
                    Who.user("ann"), CloseCode.DISCONNECTED, "that is enough")))
        .isEqualTo(new ClusterAnswer.Done("fake", 1, 0));
    assertThat(ann.transport().closes()).containsExactly(CloseCode.DISCONNECTED);
    assertThat(bob.transport().closes()).isEmpty();
    assertThat(
            carryOut(
                new ClusterCommand.Disconnect(Who.session("s2"), CloseCode.RECONNECT, "later")))
        .isEqualTo(new ClusterAnswer.Done("fake", 1, 0));
    assertThat(bob.transport().closes()).containsExactly(CloseCode.RECONNECT);
  }

  @Test
  void whoIsLetInIsToldAndReceives() {
    Client ann = named("s1", "ann");
    assertThat(carryOut(new ClusterCommand.Join(Who.user("ann"), "r")))
        .isEqualTo(new ClusterAnswer.Done("fake", 1, 0));
    assertThat(ann.hear()).containsExactly("{\"type\":\"subscribed\",\"room\":\"r\"}");
    fake.publish("r", "1");
    assertThat(ann.hear()).containsExactly("{\"type\":\"message\",\"room\":\"r\",\"message\":1}");
    // Who is in already is not told again.
    assertThat(carryOut(new ClusterCommand.Join(Who.user("ann"), "r")))
        .isEqualTo(new ClusterAnswer.Done("fake", 1, 0));
    assertThat(ann.hear()).isEmpty();
  }

  @Test
  void whoIsTakenOutIsToldWhyAndReceivesNothingMore() {
    Client ann = named("s1", "ann");
    Client bob = named("s2", "bob");
    ann.subscribe("r");
    bob.subscribe("r");
    ann.hear();
    assertThat(carryOut(new ClusterCommand.Leave(Who.user("ann"), "r")))
        .isEqualTo(new ClusterAnswer.Done("fake", 1, 0));
    assertThat(ann.hear())
        .containsExactly(
            "{\"type\":\"unsubscribed\",\"room\":\"r\",\"code\":2000,"
                + "\"text\":\"removed by the server\"}");
    fake.publish("r", "1");
    assertThat(ann.hear()).isEmpty();
    assertThat(bob.hear()).hasSize(1);
    assertThat(carryOut(new ClusterCommand.Leave(Who.user("ann"), "r")))
        .isEqualTo(new ClusterAnswer.Done("fake", 0, 0));
    assertThat(carryOut(new ClusterCommand.Leave(Who.user("ann"), "nobody's")))
        .isEqualTo(new ClusterAnswer.Done("fake", 0, 0));
  }

  @Test
  void aRoomTooManyIsAFailure() {
    Client ann = named("s1", "ann");
    for (int i = 0; i < Limits.DEFAULT.rooms(); i++) {
      ann.subscribe("r" + i);
    }
    ann.hear();
    assertThat(carryOut(new ClusterCommand.Join(Who.user("ann"), "one more")))
        .isEqualTo(new ClusterAnswer.Done("fake", 0, 1));
  }

  @Test
  void theNodeSaysHowItIs() {
    Client ann = named("s1", "ann");
    ann.subscribe("r");
    ann.hear();
    fake.time().advance(java.time.Duration.ofSeconds(61));
    assertThat(carryOut(new ClusterCommand.Status()))
        .isEqualTo(
            new ClusterAnswer.Status("fake", "9.9", 61, new Hub.Size(1, 1, 1), true, "fake", -1));
    assertThat(carryOut(new ClusterCommand.Rooms("", "", 10)))
        .isEqualTo(new ClusterAnswer.Rooms("fake", List.of(new Hub.RoomInfo("r", 1))));
  }
}
