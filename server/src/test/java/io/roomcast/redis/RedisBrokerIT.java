package io.roomcast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.net.Loops;
import io.roomcast.room.Broker;
import io.roomcast.room.BrokerContract;
import io.roomcast.room.DropReason;
import io.roomcast.room.LogContract;
import io.roomcast.room.RecordingEvents;
import io.roomcast.room.Time;
import io.roomcast.testing.RedisProcess;
import io.roomcast.testing.RespClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RedisBrokerIT {
  private static RedisProcess redis;
  private static Loops loops;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start();
    loops = FittingLoops.open();
  }

  @AfterAll
  static void stopRedis() {
    loops.close();
    redis.close();
  }

  private static RedisBroker broker(String node) {
    return broker(node, Optional.empty());
  }

  private static RedisBroker broker(String node, Optional<ScheduledExecutorService> loop) {
    return new RedisBroker(
        new RedisConfig(redis.uri(), "room:", 65536, node, 3),
        LogContract.RULES,
        Time.SYSTEM,
        loop);
  }

  @Nested
  class OneNode extends BrokerContract {
    @Override
    protected Broker create() {
      return broker("one");
    }

    @Test
    void subscribesExactlyWhileARoomIsWanted() {
      RedisBroker more = broker("more");
      RecordingEvents heard = new RecordingEvents();
      more.start(heard);
      more.subscribe("x", 1);
      await().until(() -> heard.of("x").equals(List.of("subscribed 1")));
      assertThat(redis.channels("room:*")).containsExactly("room:x");
      assertThat(redis.subscribers("room:x")).isEqualTo(1);
      more.unsubscribe("x");
      await().until(() -> redis.channels("room:*").isEmpty());
      more.close();
    }

    @Test
    void passesOnWhateverAnyoneSends() {
      RedisBroker more = broker("more");
      RecordingEvents heard = new RecordingEvents();
      more.start(heard);
      more.subscribe("room1", 1);
      await().until(() -> heard.of("room1").size() == 1);
      redis.publish("room:room1", "hello");
      redis.publish("room:room1", "{\"a\": [1, 2]}");
      redis.publish("room:room1", "");
      redis.publish("room:room1", "rc1\n{\"type\":\"message\",\"room\":\"other\",\"message\":1}");
      redis.publish("room:room1", "x".repeat(65537));
      redis.publish("room:room1", "last");
      await().until(() -> heard.of("room1").size() == 5);
      assertThat(heard.of("room1"))
          .containsExactly(
              "subscribed 1",
              "{\"type\":\"message\",\"room\":\"room1\",\"message\":\"hello\"}",
              "{\"type\":\"message\",\"room\":\"room1\",\"message\":{\"a\": [1, 2]}}",
              "{\"type\":\"message\",\"room\":\"room1\",\"message\":\"\"}",
              "{\"type\":\"message\",\"room\":\"room1\",\"message\":\"last\"}");
      assertThat(heard.drops())
          .containsExactly(DropReason.BROKER_MALFORMED, DropReason.BROKER_TOO_LARGE);
      more.close();
    }

    @Test
    void whatItPublishesIsReadable() {
      RedisBroker more = broker("more");
      more.start(new RecordingEvents());
      await().until(() -> more.health().ready());
      try (RespClient reader = redis.client()) {
        reader.call("SUBSCRIBE", "room:r");
        more.publish(message("r", "hi", "s1"), "", (outcome, position) -> {});
        assertThat(reader.read())
            .isEqualTo(
                List.of(
                    "message",
                    "room:r",
                    "rc1 not=s1\n{\"type\":\"message\",\"room\":\"r\",\"message\":\"hi\"}"));
      }
      more.close();
    }
  }

  /** What one node publishes reaches the other. */
  @Nested
  class TwoNodes extends BrokerContract {
    private final RedisBroker other = broker("other");

    @Override
    protected Broker create() {
      other.start(new RecordingEvents());
      await().until(() -> other.health().ready());
      return broker("one");
    }

    @Override
    protected Broker publisher() {
      return other;
    }

    @AfterEach
    void closeOther() {
      other.close();
    }
  }

  /** The connections live on an event loop of the server's. */
  @Nested
  class OnALentLoop extends BrokerContract {
    @Override
    protected Broker create() {
      return broker("lent", Optional.of(loops.first()));
    }

    @Test
    void leavesTheLoopAsItWas() throws Exception {
      RedisBroker more = broker("leaving", Optional.of(loops.first()));
      more.start(new RecordingEvents());
      await().until(() -> more.health().ready());
      assertThat(redis.call("CLIENT", "LIST").toString()).contains("name=roomcast-leaving");
      more.close();
      assertThat(loops.first().submit(() -> "free").get(1, TimeUnit.SECONDS)).isEqualTo("free");
      await().until(() -> !redis.call("CLIENT", "LIST").toString().contains("roomcast-leaving"));
    }
  }

  @Nested
  class Logs extends LogContract {
    private final RedisBroker other = broker("other");

    @BeforeEach
    void startOther() {
      other.start(new RecordingEvents());
      await().until(() -> other.health().ready());
    }

    @AfterEach
    void closeOther() {
      other.close();
    }

    @Override
    protected Broker create() {
      return broker("one");
    }

    @Override
    protected Broker elsewhere() {
      return other;
    }

    @Override
    protected void aSecondPasses() {
      long until = System.nanoTime() + 1_050_000_000L;
      await().until(() -> System.nanoTime() > until);
    }
  }
}
