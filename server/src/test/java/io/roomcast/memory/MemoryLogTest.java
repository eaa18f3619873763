package io.roomcast.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Event;
import io.roomcast.room.Broker;
import io.roomcast.room.LogContract;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.Rules;
import io.roomcast.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryLogTest extends LogContract {
  private final ManualTime time = new ManualTime();

  @Override
  protected Broker create() {
    return new MemoryBroker(RULES, time);
  }

  @Override
  protected void aSecondPasses() {
    time.advance(Duration.ofMillis(1001));
  }

  @Test
  void whenAllHaveTooMuchTheOneUsedLongestAgoGoes() {
    AtomicLong bytes = new AtomicLong();
    MemoryLogs logs = new MemoryLogs(time, bytes, 10_000);
    Rules rules = RULES.of("log:a");
    append(logs, rules, "a");
    append(logs, rules, "b");
    LogPart a = logs.read("a", LogQuery.POSITION);
    append(logs, rules, "c");
    assertThat(bytes.get()).isBetween(8_000L, 10_000L);
    assertThat(logs.read("a", LogQuery.after(0, 9, 9)).top()).isEqualTo(a.top());
    assertThat(logs.read("b", LogQuery.after(0, 9, 9)).publications())
        .as("b is another log now")
        .isEmpty();
  }

  @Test
  void theOnlyLogGivesUpItsOldestMessages() {
    AtomicLong bytes = new AtomicLong();
    MemoryLogs logs = new MemoryLogs(time, bytes, 10_000);
    for (int i = 0; i < 5; i++) {
      append(logs, RULES.of("log:a"), "a");
    }
    assertThat(bytes.get()).isBetween(6_000L, 10_000L);
    LogPart part = logs.read("a", LogQuery.after(0, 9, 100_000));
    assertThat(part.top().offset()).isEqualTo(5);
    assertThat(part.oldest()).isEqualTo(4);
  }

  private static void append(MemoryLogs logs, Rules rules, String room) {
    byte[] json = Event.message(room, ("\"" + "x".repeat(3500) + "\"").getBytes(UTF_8), "");
    logs.append(new Publication(room, json, ""), rules);
  }

  /** Who comes back is not to be told that nothing was missed. */
  @Test
  void aMessageThatIsNotKeptEndsTheLog() {
    AtomicLong bytes = new AtomicLong();
    MemoryLogs logs = new MemoryLogs(time, bytes, 10_000);
    Rules rules = RULES.of("log:a");
    append(logs, rules, "a");
    String before = logs.read("a", LogQuery.POSITION).top().epoch();
    logs.drop("b");
    assertThat(logs.read("a", LogQuery.POSITION).top().epoch()).isEqualTo(before);
    logs.drop("a");
    assertThat(bytes.get()).isZero();
    assertThat(logs.read("a", LogQuery.POSITION).top().epoch()).isNotEqualTo(before);
  }
}
