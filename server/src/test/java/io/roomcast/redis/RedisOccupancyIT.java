package io.roomcast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.room.Occupancy;
import io.roomcast.room.OccupancyContract;
import io.roomcast.room.RecordingEvents;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;
import io.roomcast.testing.RedisProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rooms of one and of two nodes, of nodes that end and die, and of a Redis that forgets. */
final class RedisOccupancyIT extends OccupancyContract {
  private static final Duration GONE = Duration.ofSeconds(Occupancy.FORGET_SECONDS);
  private static RedisProcess redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @Override
  protected Station create() {
    RedisBroker broker =
        new RedisBroker(
            new RedisConfig(redis.uri(), "room:", 65536, "node"), Rulebook.EMPTY, Time.SYSTEM);
    broker.start(new RecordingEvents());
    return new Station(broker.occupancy(), broker::close);
  }

  @Test
  void ofTwoNodesTheFirstFillsARoomAndTheLastEmptiesIt() {
    try (Station there = create()) {
      here.fill(room);
      awaitOf(here, room, true);
      there.fill(room);
      there.fill("mark " + room);
      awaitOf(there, "mark " + room, true);
      here.empty(room);
      here.fill("other mark " + room);
      awaitOf(here, "other mark " + room, true);
      there.empty(room);
      awaitOf(there, room, false);
      assertThat(here.of(room)).containsExactly(true);
      assertThat(there.turns.getLast().sequence()).isGreaterThan(here.turns.getFirst().sequence());
    }
  }

  @Test
  void whatANodeThatEndsLeavesBehindGoesToAnother() {
    Station there = create();
    there.fallSilent();
    there.fill(room);
    awaitOf(there, room, true);
    there.close();
    // First what it has not told, or what its end has done; both have their place by number.
    await().atMost(GONE).until(() -> here.of(room).size() == 2);
    assertThat(here.turns).contains(there.turns.getFirst());
    assertThat(here.turns.stream().filter(turn -> !turn.filled()).toList())
        .singleElement()
        .satisfies(
            turn -> assertThat(turn.sequence()).isGreaterThan(there.turns.getFirst().sequence()));
  }

  @Test
  void theRoomsOfANodeThatDiesAreEmptyWhereItWasTheLast() {
    Station there = create();
    there.fill(room);
    awaitOf(there, room, true);
    there.fill("both " + room);
    awaitOf(there, "both " + room, true);
    here.fill("both " + room);
    there.kill();
    await().atMost(GONE.plusSeconds(5)).until(() -> here.of(room), List.of(false)::equals);
    assertThat(here.of("both " + room)).isEmpty();
    here.empty("both " + room);
    awaitOf(here, "both " + room, false);
    assertThat(here.of(room)).containsExactly(false);
  }

  @Test
  void aRedisThatForgetsIsToldAgain() {
    here.fill(room);
    here.fill("other " + room);
    awaitOf(here, room, true);
    awaitOf(here, "other " + room, true);
    redis.call("FLUSHALL");
    here.empty("other " + room);
    awaitOf(here, room, true, true);
    awaitOf(here, "other " + room, true, false);
    assertThat(here.turns.stream().map(Occupancy.Turn::sequence).toList())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void afterARestartOfRedisEverythingIsAsItIsThen() {
    here.fill(room);
    here.fill("other " + room);
    awaitOf(here, room, true);
    awaitOf(here, "other " + room, true);
    redis.kill9();
    here.empty("other " + room);
    here.fill("new " + room);
    here.fill("brief " + room);
    here.empty("brief " + room);
    redis.restart();
    awaitOf(here, "new " + room, true);
    awaitOf(here, "other " + room, true, false);
    awaitOf(here, room, true, true);
    assertThat(here.of("brief " + room)).isEmpty();
  }

  @Test
  void nothingIsLeftOfRoomsThatAreEmpty() {
    here.fill(room);
    awaitOf(here, room, true);
    assertThat(redis.call("HGET", "roomcast:{room:}:filled:rooms", room)).isEqualTo("1");
    here.empty(room);
    awaitOf(here, room, true, false);
    await()
        .until(
            () ->
                ((List<?>) redis.call("KEYS", "roomcast:{room:}:filled:*"))
                    .equals(List.of("roomcast:{room:}:filled:sequence")));
  }
}
