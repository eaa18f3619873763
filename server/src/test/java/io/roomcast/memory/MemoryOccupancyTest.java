package io.roomcast.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.room.OccupancyContract;
import io.roomcast.testing.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MemoryOccupancyTest extends OccupancyContract {
  private final ManualTime time = new ManualTime();

  @Override
  protected Station create() {
    return new Station(new MemoryOccupancy(time), () -> {});
  }

  @Test
  void theSequenceGrowsAlsoWhenTheClockIsSetBack() {
    here.fill(room);
    time.jump(Duration.ofHours(-1));
    here.empty(room);
    assertThat(here.turns.get(0).sequence()).isEqualTo(1_700_000_000_000_000L);
    assertThat(here.turns.get(1).sequence()).isEqualTo(1_700_000_000_000_001L);
  }
}
