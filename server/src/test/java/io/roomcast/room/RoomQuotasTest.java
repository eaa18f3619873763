package io.roomcast.room;

import static io.roomcast.room.QuotaTalk.after;
import static io.roomcast.room.QuotaTalk.client;
import static io.roomcast.room.QuotaTalk.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a room's rules say of how large messages may be, and how many. */
final class RoomQuotasTest {
  private static FakeNode node(String... rules) {
    return QuotaTalk.node(Allowances.NONE, Census.NONE, rules);
  }

  @Test
  void aMessageThatIsTooLargeForItsRoomIsRefusedAndTheConnectionStays() {
    FakeNode fake = node("small size=10");
    Client a = client(fake, "ann");
    assertThat(a.say(send("small", "\"12345678\"")).getFirst()).contains("\"sent\"");
    assertThat(a.say(send("small", "\"123456789\"")))
        .containsExactly(
            "{\"type\":\"error\",\"id\":1,\"code\":1413,\"error\":\"too_large\",\"text\":\"a message"
                + " to this room may have at most 10 bytes\",\"temporary\":false}");
    assertThat(a.say(send("large", "\"123456789\"")).getFirst()).contains("\"sent\"");
    assertThat(a.transport().closes()).isEmpty();
    assertThat(fake.node().quotas().denials().of(Payer.SENDER, Cost.BYTES)).isEqualTo(1);
  }

  @Test
  void aRoomsRateIsEachSendersOwnOnAllItsConnections() {
    FakeNode fake = node("chat rate=3/1s join=anyone send=anyone");
    Client a = client(fake, "ann");
    Client again = client(fake, "ann");
    for (Client client : List.of(a, again, a)) {
      assertThat(client.say(send("chat", "1")).getFirst()).contains("\"sent\"");
    }
    long wait = after(again.say(send("chat", "1")));
    assertThat(wait).isBetween(1L, 334L);
    // Nobody else, and nothing else, pays for it.
    assertThat(client(fake, "ben").say(send("chat", "1")).getFirst()).contains("\"sent\"");
    assertThat(a.say(send("other", "1")).getFirst()).contains("\"sent\"");
    for (Client nobody : List.of(fake.client(), fake.client())) {
      for (int i = 0; i < 3; i++) {
        assertThat(nobody.say(send("chat", "1")).getFirst()).contains("\"sent\"");
      }
      after(nobody.say(send("chat", "1")));
    }
    fake.time().advance(Duration.ofMillis(wait));
    assertThat(a.say(send("chat", "1")).getFirst()).contains("\"sent\"");
    after(again.say(send("chat", "1")));
  }

  @Test
  void aRateThatChangesHoldsAtOnce() {
    FakeNode fake = node("chat rate=1/10s");
    Client a = client(fake, "ann");
    a.say(send("chat", "1"));
    assertThat(after(a.say(send("chat", "1")))).isEqualTo(10_000);
    fake.node().rules(RuleReader.book(List.of("chat size=5")));
    assertThat(a.say(send("chat", "1")).getFirst()).contains("\"sent\"");
    assertThat(a.say(send("chat", "123456")).getFirst()).contains("\"code\":1413");
  }
}
