package io.roomcast.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a run is enough to see what happened, and to do it again. */
final class OutcomeTest {
  @TempDir private Path directory;

  private Outcome outcome(boolean full) throws IOException {
    List<String> lines = new ArrayList<>();
    try (FaultRun run = new FaultRun(full, 7, directory, lines::add)) {
      run.fault("Redis \"kill -9\"");
      run.figure("recovered_ms", 12);
      run.require(false, "it\\holds");
      return run.outcome("F3", "Redis kill -9");
    }
  }

  @Test
  void aRunSaysItsSeedAndHowToDoItAgain() throws IOException {
    assertThat(outcome(true).json("abc"))
        .contains("\"seed\": 7,", "\"replay\": \"bench/faults --only F3 --seed 7\"");
    assertThat(outcome(false).json("abc"))
        .contains("\"replay\": \"bench/faults --only F3 --seed 7 --short\"");
  }

  @Test
  void itsFaultsHaveTheirTimes() throws IOException {
    Outcome outcome = outcome(true);
    assertThat(outcome.faults()).isEqualTo(1);
    assertThat(outcome.timeline().getFirst()).matches(" +\\d+\\.\\d\\d s  Redis \"kill -9\"");
    assertThat(outcome.json("abc")).contains("s  Redis \\u0022kill -9\\u0022\"");
  }

  @Test
  void itIsJson() throws IOException {
    int fields = 0;
    try (JsonParser parser = new JsonFactory().createParser(outcome(true).json("abc"))) {
      while (parser.nextToken() != null) {
        fields += parser.currentName() != null && parser.currentToken().isScalarValue() ? 1 : 0;
      }
    }
    assertThat(fields).isGreaterThan(15);
  }

  @Test
  void aFailureIsInTheTable() throws IOException {
    Outcome outcome = outcome(true);
    assertThat(outcome.failures()).containsExactly("it\\holds");
    assertThat(outcome.row()).endsWith("| **no** |");
  }
}
