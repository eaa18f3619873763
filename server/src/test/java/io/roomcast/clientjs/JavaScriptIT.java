package io.roomcast.clientjs;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.testing.NodeJs;
import io.roomcast.testing.Transcript;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JavaScriptIT {
  private static final int MINUTES = 2;

  @Test
  void itsOwnTestsPass() {
    try (NodeJs tests = NodeJs.script("test")) {
      int exit = tests.exitCode(MINUTES);
      assertThat(exit).as(String.join("\n", tests.output())).isZero();
      assertThat(tests.output()).anyMatch(line -> line.matches("# pass \\d{2,}"));
      assertThat(tests.output()).contains("# skipped 0", "# todo 0");
    }
  }

  @Test
  void whatItsReadmeShowsRuns() throws IOException {
    try (Roomcast server =
            Roomcast.builder()
                .port(0)
                .drain(Duration.ZERO)
                .rules(List.of("kept:* log=100/1h presence"))
                .start();
        NodeJs reader =
            NodeJs.start("test/readme.mjs", "ws://127.0.0.1:" + server.port() + "/ws")) {
      int exit = reader.exitCode(MINUTES);
      assertThat(exit).as(String.join("\n", reader.output())).isZero();
      assertThat(reader.output()).containsExactly("ran: program", "ran: tour", "ran: component");
    }
  }

  /** As conformance/README.md says that an SDK plays them. */
  @Test
  void itBehavesAsTheTranscriptsSay() throws IOException {
    try (Roomcast server =
            Roomcast.builder().port(0).drain(Duration.ZERO).rules(Transcript.RULES).start();
        NodeJs player =
            NodeJs.start("test/conformance.mjs", "ws://127.0.0.1:" + server.port() + "/ws")) {
      int exit = player.exitCode(MINUTES);
      List<String> output = player.output();
      assertThat(exit).as(String.join("\n", output)).isZero();
      assertThat(output).hasSize(Transcript.all().size());
      assertThat(output)
          .filteredOn(line -> line.startsWith("played: "))
          .hasSizeGreaterThan(12)
          .anyMatch(line -> line.startsWith("played: log.json, "));
    }
  }
}
