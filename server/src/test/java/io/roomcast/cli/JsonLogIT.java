package io.roomcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.CliProcess;
import io.roomcast.testing.JsonTree;
import io.roomcast.testing.Schema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The log as JSON, of a server whose Redis is not there. */
final class JsonLogIT {
  @Test
  void eachLineIsAnObjectWithItsEvent() throws Exception {
    try (CliProcess serve =
        CliProcess.start(
            "serve",
            "--port",
            "0",
            "--drain",
            "0s",
            "--log-format",
            "json",
            "--redis",
            "redis://:secret-of-redis@127.0.0.1:1")) {
      serve.line("Stop with Ctrl-C.");
      serve.terminate();
      assertThat(serve.exitCode()).isZero();
      List<String> lines = serve.errors().lines().filter(l -> l.startsWith("{")).toList();
      assertThat(lines).isNotEmpty().noneMatch(line -> line.contains("secret-of-redis"));
      for (String line : lines) {
        Map<String, Object> entry = Schema.map(Objects.requireNonNull(JsonTree.read(line)));
        assertThat(entry).containsKeys("time", "level", "logger", "text");
      }
      assertThat(lines).anyMatch(line -> line.contains("\"event\":\"redis.unreachable\""));
    }
  }
}
