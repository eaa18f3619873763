package io.roomcast.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import io.roomcast.room.Broker;
import io.roomcast.room.DropReason;
import io.roomcast.room.LogContract;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.RoomEvent;
import io.roomcast.room.Rules;
import io.roomcast.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
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
    LogPart a = logs.read("a", LogQuery.position());
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

  @Test
  void whatIsOnlyLookedAtPushesNothingOut() {
    AtomicLong bytes = new AtomicLong();
    MemoryLogs logs = new MemoryLogs(time, bytes, 10_000);
    append(logs, RULES.of("log:a"), "a");
    long before = bytes.get();
    LogQuery joined = LogQuery.position().forMembers(Position.NONE);
    Position first = logs.read("m", joined).top();
    for (int i = 0; i < MemoryLogs.MOST_EMPTY; i++) {
      assertThat(logs.read("x" + i, LogQuery.position()).top().known()).isFalse();
      assertThat(logs.read("m" + i, joined).top().known()).isTrue();
    }
    assertThat(bytes.get()).isEqualTo(before);
    assertThat(logs.read("a", LogQuery.position()).top().offset()).isEqualTo(1);
    assertThat(logs.read("m", joined).top()).as("they push out one another").isNotEqualTo(first);
  }

  @Test
  void aKeyIsNotForgottenBeforeItsTimeForOthersToComeIn() {
    MemoryLogs logs = new MemoryLogs(time, new AtomicLong(), 10_000);
    Rules rules = RULES.of("brief:a");
    for (int i = 0; i < MemoryLogs.MOST_KEYS; i++) {
      assertThat(logs.mayRemember("k" + i)).isTrue();
      logs.remember("a", "k" + i, Position.NONE, rules);
    }
    assertThat(logs.mayRemember("more")).isFalse();
    assertThat(logs.mayRemember("")).as("without a key").isTrue();
    assertThat(logs.repeated("a", "k0")).isNotNull();
    aSecondPasses();
    assertThat(logs.mayRemember("more")).isTrue();
  }

  @Test
  void aPublishWhoseKeyFindsNoPlaceIsRefusedForTheMoment() {
    Broker broker = create();
    List<Publication> sent = new ArrayList<>();
    List<Broker.PublishOutcome> outcomes = new ArrayList<>();
    broker.start(new Heard(sent));
    for (int i = 0; i <= MemoryLogs.MOST_KEYS; i++) {
      broker.publish(
          new Publication("brief:a", Event.message("brief:a", new byte[] {'1'}, ""), ""),
          "k" + i,
          (outcome, position) -> outcomes.add(outcome));
    }
    assertThat(outcomes.getLast()).isEqualTo(Broker.PublishOutcome.OVERLOADED);
    assertThat(outcomes)
        .filteredOn(Broker.PublishOutcome.SENT::equals)
        .hasSize(MemoryLogs.MOST_KEYS);
    assertThat(sent).hasSize(MemoryLogs.MOST_KEYS);
  }

  private record Heard(List<Publication> sent) implements Broker.Events {
    @Override
    public void onEvent(RoomEvent event) {
      sent.add((Publication) event);
    }

    @Override
    public void onInterrupted(Predicate<String> stopped) {}

    @Override
    public void onDropped(DropReason reason) {}
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
    String before = logs.read("a", LogQuery.position()).top().epoch();
    logs.drop("b");
    assertThat(logs.read("a", LogQuery.position()).top().epoch()).isEqualTo(before);
    logs.drop("a");
    assertThat(bytes.get()).isZero();
    assertThat(logs.read("a", LogQuery.position()).top().epoch()).isNotEqualTo(before);
  }
}
