package io.roomcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.CliProcess;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings by a file, as people and supervisors give them. */
final class ConfigIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;

  private static int portOf(CliProcess serve) throws InterruptedException {
    return Integer.parseInt(serve.line("websocket").replaceAll(".*:(\\d+)/ws", "$1"));
  }

  @Test
  void servesByAFileAndTheEnvironmentAndFlags() throws IOException, InterruptedException {
    Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
    Path file = directory.resolve("roomcast.yaml");
    try (CliProcess init = CliProcess.start("config", "init", file.toString())) {
      assertThat(init.exitCode()).isZero();
    }
    Files.writeString(
        file,
        "\nport: 1\nnode-name: by-file\nrooms-per-session: 1\n",
        java.nio.file.StandardOpenOption.APPEND);
    Map<String, String> environment =
        Map.of("ROOMCAST_CONFIG", file.toString(), "ROOMCAST_TOKEN_SECRET_FILE", secret.toString());
    try (CliProcess serve = CliProcess.start(environment, "serve", "--port", "0")) {
      assertThat(serve.line()).endsWith("node by-file");
      int port = portOf(serve);
      assertThat(serve.line("clients")).contains("need a token");
      try (RawWebSocket client = RawWebSocket.open(port)) {
        assertThat(client.ask("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"a\"}")).contains("1401");
      }
      serve.terminate();
      assertThat(serve.exitCode()).isZero();
    }
  }

  @Test
  void overwritesNothing() throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("mine.yaml"), "port: 1\n");
    try (CliProcess init = CliProcess.start("config", "init", file.toString())) {
      assertThat(init.exitCode()).isEqualTo(1);
      assertThat(init.errors()).contains("mine.yaml is there already");
    }
    assertThat(file).hasContent("port: 1\n");
  }

  @Test
  void doesNotStartByAFileWithAFlaw() throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("bad.yaml"), "prot: 1\nloops: x\n");
    try (CliProcess serve = CliProcess.start("serve", "--config", file.toString())) {
      assertThat(serve.exitCode()).isEqualTo(2);
      assertThat(serve.errors())
          .contains(
              "line 1: there is no setting prot; did you mean port?", "line 2: loops must be");
    }
  }
}
