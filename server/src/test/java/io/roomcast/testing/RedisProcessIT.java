package io.roomcast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedisProcessIT {
  @Test
  void showsWhoSubscribes() {
    try (RedisProcess redis = RedisProcess.start();
        RespClient client = redis.client()) {
      assertThat(client.call("SUBSCRIBE", "a")).isEqualTo(List.of("subscribe", "a", 1L));
      assertThat(redis.channels("*")).containsExactly("a");
      assertThat(redis.subscribers("a")).isEqualTo(1);
      assertThat(redis.publish("a", "hello")).isEqualTo(1);
      assertThat(client.read()).isEqualTo(List.of("message", "a", "hello"));
      assertThat(redis.killSubscribers()).isEqualTo(1);
    }
  }

  @Test
  void comesBackOnItsPort() {
    try (RedisProcess redis = RedisProcess.start()) {
      redis.kill9();
      redis.restart();
      assertThat(redis.call("PING")).isEqualTo("PONG");
      redis.stop();
      redis.cont();
      assertThat(redis.call("PING")).isEqualTo("PONG");
    }
  }
}
