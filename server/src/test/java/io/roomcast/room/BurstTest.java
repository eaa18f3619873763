package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.FakeNode;
import io.roomcast.testing.RecordingTransport;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Much at once must not look like a slow reader: between two turns the sockets get their chance.
 */
final class BurstTest {
  private static final String BODY = "\"" + "x".repeat(50_000) + "\"";

  @Test
  void aTurnWritesNoMoreToAMemberThanItMayHaveUnread() {
    FakeNode fake = new FakeNode();
    FakeNode.Client client = fake.client();
    for (int room = 0; room < 8; room++) {
      client.subscribe("room" + room);
    }
    for (int i = 0; i < 40; i++) {
      fake.publish("room" + i % 8, BODY);
    }
    int total = 0;
    while (fake.loop().runOne()) {
      int written = client.transport().take().size();
      assertThat((long) written * BODY.length()).isLessThan(Limits.DEFAULT.unreadBytes() / 2);
      assertThat(client.transport().unflushed()).isZero();
      total += written;
    }
    assertThat(total).isEqualTo(40);
  }

  @Test
  void theNextTurnComesAfterTheSockets() {
    FakeNode fake = new FakeNode();
    AtomicInteger later = new AtomicInteger();
    Lane lane =
        fake.node()
            .addLane(
                fake.loop(),
                task -> {
                  later.incrementAndGet();
                  fake.loop().execute(task);
                },
                fake.loop()::inLoop);
    RecordingTransport transport = new RecordingTransport();
    FakeNode.Client client =
        new FakeNode.Client(fake, fake.node().open(lane, transport), transport);
    client.subscribe("room1");
    fake.publish("room1", BODY);
    fake.loop().runAll();
    assertThat(later).hasValue(0);
    for (int i = 0; i < 20; i++) {
      fake.publish("room1", BODY);
    }
    fake.loop().runAll();
    assertThat(later).hasValueGreaterThanOrEqualTo(3);
  }
}
