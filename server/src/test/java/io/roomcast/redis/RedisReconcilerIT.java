package io.roomcast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.room.RecordingEvents;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;
import io.roomcast.testing.RedisProcess;
import io.roomcast.testing.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Storms of joining and leaving, after which what is wanted and what Redis has must be equal. */
class RedisReconcilerIT {
  private static final int ROOMS = 12;
  private static final int THREADS = 4;
  private static final int STEPS = 3000;
  private static final int CUTS = 5;

  private final RedisProcess redis = RedisProcess.start();
  private final RecordingEvents events = new RecordingEvents();
  private final RedisBroker broker =
      new RedisBroker(
          new RedisConfig(redis.uri(), "room:", 65536, "n", 2), Rulebook.EMPTY, Time.SYSTEM);

  /** Each room's last ticket, or 0 while it is not wanted; under the room's own lock. */
  private final long[] wanted = new long[ROOMS];

  private final Object[] locks = IntStream.range(0, ROOMS).mapToObj(i -> new Object()).toArray();
  private final AtomicLong tickets = new AtomicLong();

  @BeforeEach
  void startBroker() {
    broker.start(events);
    await().until(() -> broker.health().ready());
  }

  @AfterEach
  void closeBroker() {
    broker.close();
    redis.close();
  }

  private void step(Random random) {
    int room = random.nextInt(ROOMS);
    synchronized (locks[room]) {
      if (wanted[room] == 0) {
        wanted[room] = tickets.incrementAndGet();
        broker.subscribe("r" + room, wanted[room]);
      } else {
        wanted[room] = 0;
        broker.unsubscribe("r" + room);
      }
    }
    if (random.nextInt(50) == 0) {
      // Lets Redis' confirmations fall anywhere between the steps.
      LockSupport.parkNanos(random.nextInt(400_000));
    }
  }

  private void storm(long seed) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      Random random = new Random(seed + t);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < STEPS; i++) {
                      step(random);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private Set<String> desired() {
    return IntStream.range(0, ROOMS)
        .filter(room -> wanted[room] != 0)
        .mapToObj(room -> "room:r" + room)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The sets are equal, each wish is answered, and each room gets each message exactly once. */
  private void assertSettled(long seed) {
    String what = "seed " + seed;
    await(what).until(() -> redis.channels("room:*").equals(desired()));
    publishToAll(what, 0);
    for (int room = 0; room < ROOMS; room++) {
      String name = "r" + room;
      if (wanted[room] != 0) {
        await(what).until(() -> events.of(name).contains(message(name, 0)));
        assertThat(events.of(name))
            .as(what)
            .endsWith("subscribed " + wanted[room], message(name, 0));
      }
    }
    events.clear();
    publishToAll(what, 1);
    publishToAll(what, 2);
    await(what).until(() -> events.count() >= 2 * desired().size());
    for (int room = 0; room < ROOMS; room++) {
      String name = "r" + room;
      assertThat(events.of(name))
          .as(what)
          .isEqualTo(wanted[room] == 0 ? List.of() : List.of(message(name, 1), message(name, 2)));
    }
    events.clear();
  }

  private void publishToAll(String what, int number) {
    try (RespClient client = redis.client()) {
      for (int room = 0; room < ROOMS; room++) {
        long receivers = (Long) client.call("PUBLISH", "room:r" + room, Integer.toString(number));
        assertThat(receivers).as(what).isEqualTo(wanted[room] == 0 ? 0 : 1);
      }
    }
  }

  private static String message(String room, int number) {
    return "{\"type\":\"message\",\"room\":\"" + room + "\",\"message\":" + number + "}";
  }

  @Test
  void stormsLeaveNoRoomDeafDoubledOrLeaked() throws InterruptedException {
    for (int round = 0; round < 3; round++) {
      long seed = System.nanoTime();
      storm(seed);
      assertSettled(seed);
    }
    assertThat(events.interruptions()).isZero();
  }

  @Test
  void stormsDoNotMindThatRedisCutsTheConnection() throws InterruptedException {
    long seed = System.nanoTime();
    AtomicLong cuts = new AtomicLong();
    Thread cutter =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (cuts.get() < CUTS) {
                    cuts.addAndGet(redis.killSubscribers());
                    LockSupport.parkNanos(50_000_000);
                  }
                });
    long round = seed;
    do {
      storm(round);
      round += THREADS;
    } while (cutter.isAlive());
    await().until(() -> events.interruptions() > 0 && broker.health().ready());
    assertSettled(seed);
  }

  @Test
  void manyRoomsComeBackAfterACut() {
    int rooms = 10_000;
    for (int i = 0; i < rooms; i++) {
      broker.subscribe("m" + i, i + 1);
    }
    await().until(() -> events.count() == rooms);
    assertThat(redis.channels("room:m*")).hasSize(rooms);
    redis.killSubscribers();
    await().until(() -> events.count() == 3 * rooms);
    assertThat(redis.channels("room:m*")).hasSize(rooms);
  }
}
