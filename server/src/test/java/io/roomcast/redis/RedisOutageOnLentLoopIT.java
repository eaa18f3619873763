package io.roomcast.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.net.Loops;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same on a loop that is somebody else's, who must not notice. */
class RedisOutageOnLentLoopIT extends RedisOutageIT {
  private static Loops loops;

  @BeforeAll
  static void open() {
    loops = FittingLoops.open();
  }

  @AfterAll
  static void closeLoops() throws InterruptedException {
    assertThat(loops.first().isShutdown()).isFalse();
    loops.close();
    assertThat(loops.first().awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }

  @Override
  Optional<ScheduledExecutorService> loop() {
    return Optional.of(loops.first());
  }
}
