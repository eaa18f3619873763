package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.Finished;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples that are one script each, as people run them. */
final class ExamplesIT {
  // Maven runs the tests of a module in its own folder.
  private static final Path EXAMPLES = Path.of("..", "examples");

  @Test
  void curl() throws IOException, InterruptedException {
    try (Roomcast server =
        Roomcast.builder()
            .port(0)
            .drain(Duration.ZERO)
            .rules(List.of("kept:* log=100/1h"))
            .start()) {
      String script = EXAMPLES.resolve("curl.sh").toString();
      Finished finished =
          Finished.run(new ProcessBuilder(script, "http://127.0.0.1:" + server.port()), 60);
      assertThat(finished.ended()).as(finished.output()).isTrue();
      assertThat(finished.code()).as(finished.output()).isZero();
      assertThat(finished.output())
          .contains("\"message\":\"hi\"", "\"message\":{\"n\":1}", "\"recovered\":true");
    }
  }
}
