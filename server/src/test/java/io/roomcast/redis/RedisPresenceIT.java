package io.roomcast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.room.DropReason;
import io.roomcast.room.PresenceContract;
import io.roomcast.room.Time;
import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Presence of one, two and three nodes, and of nodes that die, and of a Redis that forgets. */
class RedisPresenceIT {
  private static final Duration GONE = Duration.ofSeconds(15);
  private static RedisProcess redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private static PresenceContract.Station station(int port, String name) {
    String uri = "redis://127.0.0.1:" + port;
    RedisBroker broker =
        new RedisBroker(
            new RedisConfig(uri, "room:", 65536, name), PresenceContract.RULES, Time.SYSTEM);
    return new PresenceContract.Station(broker, broker.presence());
  }

  @Nested
  class OneNode extends PresenceContract {
    @Override
    protected Station create() {
      return station(redis.port(), "one");
    }

    @Test
    void nothingIsLeftOfARoomThatIsEmpty() {
      String other = "p " + room;
      try (Station more = station(redis.port(), "more").start(other)) {
        more.set(other, "ann", 2);
        awaitTold(more, other, "joined ann");
        assertThat((List<?>) redis.call("KEYS", "roomcast:{room:" + other.substring(0, 20) + "*"))
            .hasSize(3);
        more.set(other, "ben", 1, "[1]");
        awaitTold(more, other, "joined ann", "joined ben [1]");
        more.set(other, "ben", 0);
        more.set(other, "ann", 0);
        await().until(() -> more.told(other).size() == 4);
        await()
            .until(
                () ->
                    ((List<?>) redis.call("KEYS", "roomcast:{room:" + other.substring(0, 20) + "*"))
                        .isEmpty());
      }
    }

    @Test
    void whatSomebodyElsePublishesIsBelievedOnlyWhereItMayBe() {
      String plain = "without " + room;
      try (Station more = station(redis.port(), "more").start(plain)) {
        redis.publish("room:" + plain, presence("joined", plain, "eve"));
        redis.publish("room:" + plain, "last");
        await().until(() -> more.events.of(plain).size() == 2);
        assertThat(more.events.drops()).containsExactly(DropReason.BROKER_MALFORMED);
      }
      try (Station more = station(redis.port(), "more").start("p1")) {
        redis.publish("room:p1", presence("joined", "p2", "eve"));
        redis.publish("room:p1", presence("jumped", "p1", "eve"));
        redis.publish("room:p1", presence("joined", "p1", ""));
        redis.publish("room:p1", presence("joined", "p1", "x".repeat(129)));
        redis.publish("room:p1", presence("left", "p1", "\\u00e9"));
        redis.publish("room:p1", info("joined", "1,\"user\":\"eve\""));
        redis.publish("room:p1", info("joined", "\"" + "x".repeat(1023) + "\""));
        redis.publish("room:p1", info("joined", "[".repeat(63) + "]".repeat(63)));
        redis.publish("room:p1", info("left", "1"));
        awaitTold(more, "p1", "left é", "joined eve 1", "joined ann", "joined ann", "left ann");
        assertThat(more.events.drops()).hasSize(4).containsOnly(DropReason.BROKER_MALFORMED);
      }
    }

    private static String info(String type, String info) {
      return "rc1\n{\"type\":\"%s\",\"room\":\"p1\",\"user\":\"ann\",\"info\":%s}"
          .formatted(type, info);
    }

    @Test
    void whatIsNoInfoIsNotPassedOn() {
      try (Station more = station(redis.port(), "more").start("p2")) {
        more.set("p2", "ann", 1, "[1]");
        more.set("p2", "ben", 1, "[2]");
        awaitTold(more, "p2", "joined ann [1]", "joined ben [2]");
        redis.call("HSET", "roomcast:{room:p2}:infos", "ann", "[1]} ");
        assertThat(more.infos("p2")).isEqualTo(Map.of("ben", "[2]"));
        assertThat(more.who("p2")).containsExactly("ann", "ben");
      }
    }

    private static String presence(String type, String room, String user) {
      return "rc1\n{\"type\":\"%s\",\"room\":\"%s\",\"user\":\"%s\"}"
          .formatted(type, room.replace("\"", "\\\""), user);
    }
  }

  @Nested
  class TwoNodes extends PresenceContract {
    private final Station other = station(redis.port(), "other");

    @Override
    protected Station create() {
      return station(redis.port(), "one");
    }

    @BeforeEach
    void startOther() {
      other.start(room);
    }

    @AfterEach
    void closeOther() {
      other.close();
    }

    @Override
    protected Station elsewhere() {
      return other;
    }

    @Test
    void theLastJoinOnWhateverNodeBringsWhatIsKnown() {
      try (Station third = station(redis.port(), "third").start(room)) {
        third.set(room, "ann", 1, "1");
        awaitTold(third, room, "joined ann 1");
        other.set(room, "ann", 1, "2");
        awaitTold(third, room, "joined ann 1", "joined ann 2");
        // What a node states again for another reason is no join.
        third.set(room, "ann", 2);
        await().until(() -> sessions(third) == 3);
        assertThat(other.infos(room)).isEqualTo(Map.of("ann", "2"));
        third.set(room, "ann", 3, "1");
        awaitTold(third, room, "joined ann 1", "joined ann 2", "joined ann 1");
        third.set(room, "ann", 0);
        await().until(() -> sessions(third) == 1);
        assertThat(third.infos(room)).as("until the user is gone").isEqualTo(Map.of("ann", "1"));
        other.set(room, "ann", 0);
        await().until(() -> third.told(room).getLast().equals("left ann"));
        assertThat(third.infos(room)).isEmpty();
      }
    }

    @Test
    void aUserIsThereUntilItIsOnNoNode() {
      try (Station third = station(redis.port(), "third").start(room)) {
        for (Station station : List.of(third, other)) {
          station.set(room, "ann", 1);
          awaitTold(third, room, "joined ann");
        }
        await().until(() -> sessions(third) == 2);
        third.set(room, "ann", 0);
        await().until(() -> sessions(third) == 1);
        other.set(room, "ann", 0);
        awaitTold(third, room, "joined ann", "left ann");
      }
    }

    private long sessions(Station at) {
      return Objects.requireNonNull(at.read(room, "", 0)).sessions();
    }
  }

  /** With a Redis of its own that gets into trouble. */
  @Nested
  class Trouble {
    private static final String ROOM = "p";
    private final RedisProcess own = RedisProcess.start();
    private final FaultProxy proxy = FaultProxy.before(own.port());
    private final List<PresenceContract.Station> stations = new ArrayList<>();

    private PresenceContract.Station node(int port, String name) {
      PresenceContract.Station station = station(port, name).start(ROOM);
      stations.add(station);
      return station;
    }

    @AfterEach
    void end() {
      stations.forEach(PresenceContract.Station::close);
      proxy.close();
      own.close();
    }

    @Test
    void whoWasThereByADeadNodeIsGoneAndWhoIsElsewhereIsNot() {
      PresenceContract.Station here = node(own.port(), "here");
      PresenceContract.Station dies = node(own.port(), "dies");
      PresenceContract.Station ends = node(own.port(), "ends");
      PresenceContract.Station cut = node(proxy.port(), "cut");
      for (int i = 0; i < 250; i++) {
        dies.set(ROOM, "user " + i, 1);
        dies.set("p other " + i % 20, "user " + i, 2);
      }
      ends.set(ROOM, "eve", 1);
      cut.set(ROOM, "cal", 1);
      for (PresenceContract.Station station : stations) {
        station.set(ROOM, "ann", 1);
      }
      await().atMost(GONE).until(() -> here.told(ROOM).size() == 253);
      await().atMost(GONE).until(() -> own.call("HLEN", "roomcast:{room:}:nodes").equals(4L));
      dies.die();
      ends.close();
      proxy.blackHole(true);
      await().atMost(GONE).until(() -> here.who(ROOM), List.of("ann")::equals);
      await().atMost(GONE).until(() -> here.told(ROOM).size() == 505);
      await().atMost(GONE).until(() -> here.who("p other 7").isEmpty());
      assertThat(here.told(ROOM)).doesNotContain("left ann").doesNotHaveDuplicates();
      proxy.blackHole(false);
      await().atMost(GONE).until(() -> here.who(ROOM), List.of("ann", "cal")::equals);
      await().atMost(GONE).until(() -> here.told(ROOM).getLast().equals("joined cal"));
      assertThat(cut.unsure.get()).as("the node knows that it may have missed things").isPositive();
      await().atMost(GONE).until(() -> own.call("HLEN", "roomcast:{room:}:nodes").equals(2L));
    }

    @Test
    void whatRedisForgetsIsSaidAgain() {
      PresenceContract.Station here = node(own.port(), "here");
      PresenceContract.Station there = node(own.port(), "there");
      for (int i = 0; i < 150; i++) {
        here.set(ROOM, "user " + i, 1);
        there.set("p " + i, "ben", 1);
      }
      there.set(ROOM, "ben", 3, "[3]");
      await().atMost(GONE).until(() -> here.told(ROOM).size() == 151);
      own.call("FLUSHALL");
      awaitAllThere(here);
      assertThat(here.infos(ROOM)).isEqualTo(Map.of("ben", "[3]"));
      assertThat(here.unsure.get()).isPositive();
      own.call("SCRIPT", "FLUSH");
      there.set(ROOM, "dan", 1);
      await().atMost(GONE).until(() -> here.who(ROOM).contains("dan"));
      own.kill9();
      assertThat(here.read(ROOM, "", 1)).as("not known, and said at once").isNull();
      here.set(ROOM, "user 0", 0);
      here.set(ROOM, "late", 1);
      there.set(ROOM, "dan", 0);
      own.restart();
      await().atMost(GONE).until(() -> here.who(ROOM).contains("late"));
      awaitAllThere(here);
      assertThat(here.who(ROOM)).doesNotContain("user 0", "dan");
    }

    private void awaitAllThere(PresenceContract.Station here) {
      await()
          .atMost(GONE)
          .until(
              () -> {
                var page = here.read(ROOM, "", 0);
                return page != null && page.count() == 151 && page.sessions() == 153;
              });
      await().atMost(GONE).until(() -> here.who("p 149"), List.of("ben")::equals);
    }

    @Test
    void theCostGrowsWithChangesAndNotWithTime() {
      PresenceContract.Station here = node(own.port(), "here");
      for (int i = 0; i < 2_000; i++) {
        here.set("p " + i % 50, "user " + i, 1);
      }
      for (int i = 0; i < 50; i++) {
        String room = "p " + i;
        await().atMost(GONE).until(() -> here.who(room).size() == 40);
      }
      long until = System.nanoTime() + 2_200_000_000L;
      long before = scripts();
      await().until(() -> System.nanoTime() > until);
      assertThat(scripts() - before).as("beats alone, in 2 s").isBetween(1L, 2L);
    }

    private long scripts() {
      Matcher calls =
          Pattern.compile("cmdstat_evalsha:calls=(\\d+)")
              .matcher((String) own.call("INFO", "commandstats"));
      return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }
  }
}
