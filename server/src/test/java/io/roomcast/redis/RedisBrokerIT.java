package io.roomcast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.room.Broker;
import io.roomcast.room.BrokerContract;
import io.roomcast.room.DropReason;
import io.roomcast.room.LogContract;
import io.roomcast.room.RecordingEvents;
import io.roomcast.room.Time;
import io.roomcast.testing.RedisProcess;
import io.roomcast.testing.RespClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RedisBrokerIT {
  private static RedisProcess redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private static RedisBroker broker(String node) {
    return new RedisBroker(
        new RedisConfig(redis.uri(), "room:", 65536, node, 3), LogContract.RULES, Time.SYSTEM);
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
