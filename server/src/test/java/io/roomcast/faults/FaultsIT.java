package io.roomcast.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every scenario in its short form. */
final class FaultsIT {
  private static final Duration LONGEST = Duration.ofMinutes(4);

  private static final ResourceLeakDetector.Level LEVEL = ResourceLeakDetector.getLevel();

  /** The clients must not be slower than the servers: they look for no leaks here. */
  @BeforeAll
  static void hasten() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterAll
  static void slowDown() {
    ResourceLeakDetector.setLevel(LEVEL);
  }

  @TestFactory
  Stream<DynamicTest> nothingIsLostInSilence() {
    return Scenario.ALL.stream()
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.id() + " " + scenario.title(),
                    () -> Assertions.assertTimeoutPreemptively(LONGEST, () -> play(scenario))));
  }

  private static void play(Scenario scenario) throws Exception {
    Path directory = Path.of("target", "faults", scenario.id());
    try (FaultRun run = new FaultRun(false, 1, directory, FaultsIT::show)) {
      scenario.play().run(run);
      assertThat(run.failures()).as(scenario.title()).isEmpty();
    }
  }

  private static void show(String line) {
    System.out.println(line);
  }
}
