package io.roomcast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigTest {
  private static RedisConfig config(String uri) {
    return new RedisConfig(uri, RedisConfig.DEFAULT_PREFIX, 65536, "n1");
  }

  @Test
  void hostPortAndPasswordAreUnderstood() {
    RedisConfig config = config("redis://:s%23cret@example.org:6380/2");
    assertThat(config.redisUri().getHost()).isEqualTo("example.org");
    assertThat(config.redisUri().getPort()).isEqualTo(6380);
    assertThat(config.redisUri().getDatabase()).isEqualTo(2);
    assertThat(config("redis://localhost").redisUri().getPort()).isEqualTo(6379);
    assertThat(config("redis://my_redis:1").redisUri().getHost()).isEqualTo("my_redis");
    assertThat(config("redis://[::1]:7").redisUri().getPort()).isEqualTo(7);
    assertThat(config("rediss://localhost").redisUri().isSsl()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:6379",
        "http://:s3cret@localhost",
        "redis://",
        "redis://:s3cret@",
        "redis://:s3cret@localhost:port",
        "redis://:s3cret@localhost:99999999",
        "redis://:s3cret@localhost/x",
        "redis://:s3cret@localhost?timeout=1s",
        "redis://:s3cret x@localhost",
        "redis://:s3#cret@localhost",
        "redis-sentinel://:s3cret@localhost#m"
      })
  void otherAddressesAreRefusedWithoutShowingThePassword(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(uri))
        .withMessageContaining("redis://")
        .withMessageNotContaining("s3")
        .withNoCause();
  }

  @Test
  void itsTextShowsNoPassword() {
    assertThat(config("redis://user:s3cret@localhost:1/0").toString())
        .isEqualTo("RedisConfig[localhost:1, prefix=room:]");
  }

  @Test
  void aPrefixIsNeeded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RedisConfig("redis://localhost", "", 1, "n"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RedisConfig("redis://localhost", "x".repeat(65), 1, "n"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RedisConfig("redis://localhost", "x", 0, "n"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RedisConfig("redis://localhost", "x", 1, "n", 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RedisConfig("redis://localhost", "x", 1, "n", 17));
  }
}
