package io.roomcast.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessesTest {
  private final Processes self = new Processes(List.of(ProcessHandle.current().pid()));

  @Test
  void seesTheCpuTimeThatIsUsed() {
    long before = self.cpuMicros();

    Awaitility.await().pollInSameThread().until(() -> self.cpuMicros() > before + 20_000);

    assertThat(self.cpuMicros()).isGreaterThan(before);
  }

  @Test
  void seesTheMemoryInUse() {
    assertThat(self.residentKib()).isBetween(10_000L, 100_000_000L);
  }

  @Test
  void addsUpNothingForNone() {
    Processes none = new Processes(List.of());

    assertThat(none.known()).isFalse();
    assertThat(none.cpuMicros()).isZero();
  }
}
