package io.roomcast.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.faults.Attacks.Attack;
import io.roomcast.faults.Attacks.Finding;
import io.roomcast.faults.Attacks.Scale;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every attack in its short form; {@code bench/attacks} runs them in full. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AttackIT {
  /** Waits most of its time, and so goes on beside the others. */
  private static final String SLOW = "S7";

  private final ExecutorService beside = Executors.newSingleThreadExecutor();
  @TempDir private Path folder = Path.of("target");

  @AfterAll
  void stop() {
    beside.shutdownNow();
  }

  @TestFactory
  Stream<DynamicTest> theServerHolds() {
    Map<String, Attack> attacks = AttacksMain.all(Scale.SHORT, folder.resolve("server.log"));
    Attack slow = Objects.requireNonNull(attacks.remove(SLOW));
    Future<Finding> drips = beside.submit(() -> Attacks.run(SLOW, slow));
    return Stream.concat(
        attacks.entrySet().stream()
            .map(
                entry -> test(entry.getKey(), () -> Attacks.run(entry.getKey(), entry.getValue()))),
        Stream.of(test(SLOW, drips::get)));
  }

  private static DynamicTest test(String id, Callable<Finding> attack) {
    return DynamicTest.dynamicTest(
        id,
        () -> {
          Finding finding = attack.call();
          assertThat(finding.held()).as(finding.row()).isTrue();
        });
  }
}
