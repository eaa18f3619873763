package io.roomcast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.auth.ApiKeys;
import io.roomcast.room.Scope;
import io.roomcast.testing.CliProcess;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP, as an operator sends it to a running server. */
final class ReloadIT {
  @TempDir private Path directory;

  private static void hangUp(CliProcess serve) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(serve.pid())).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private static String history(RawWebSocket client, String room) {
    try {
      return client.ask("{\"type\":\"history\",\"id\":1,\"room\":\"" + room + "\"}");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void apiKeysFollow(CliProcess serve, int port, Path file)
      throws IOException, InterruptedException {
    String first = ApiKeys.generate();
    String second = ApiKeys.generate();
    for (String key : List.of(first, second)) {
      String line = ApiKeys.line("k", Set.of(Scope.READ), key);
      Files.writeString(file, "port: 0\nloops: 3\napi-keys: ['" + line + "']\n");
      hangUp(serve);
      await().atMost(Duration.ofSeconds(20)).until(() -> rooms(port, key) == 200);
    }
    assertThat(rooms(port, first)).isEqualTo(401);
  }

  private static int rooms(int port, String key) throws IOException {
    HttpURLConnection rooms =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + "/v1/rooms").toURL().openConnection();
    rooms.setRequestProperty("Authorization", "Bearer " + key);
    try {
      return rooms.getResponseCode();
    } finally {
      rooms.disconnect();
    }
  }

  @Test
  void followsTheFileAndKeepsWhatHoldsWhereTheFileIsBad() throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("roomcast.yaml"), "port: 0\n");
    try (CliProcess serve = CliProcess.start("serve", "--config", file.toString())) {
      int port = Integer.parseInt(serve.line("websocket").replaceAll(".*:(\\d+)/ws", "$1"));
      try (RawWebSocket client = RawWebSocket.open(port)) {
        client.join("news:1");
        assertThat(history(client, "news:1")).contains("1501");

        Files.writeString(file, "port: 0\nloops: 3\nrules: ['news:* log=5/1h']\n");
        hangUp(serve);
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> !history(client, "news:1").contains("1501"));
        client.say("{\"type\":\"sendMessage\",\"room\":\"news:1\",\"message\":1}");
        assertThat(client.hear()).contains("\"message\":1", "\"offset\":1");

        Files.writeString(file, "port: 0\nruels: ['news:* log=5/1h']\n");
        hangUp(serve);
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> serve.errorsSoFar().contains("no setting ruels"));
        Files.writeString(file, "port: 0\nrules: ['other log=5/1h', 'news:* log=5/1h lock']\n");
        hangUp(serve);
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> serve.errorsSoFar().contains("unknown word lock"));
        assertThat(history(client, "news:1")).contains("\"message\":1");
        assertThat(history(client, "other")).contains("1501");
      }
      apiKeysFollow(serve, port, file);
      serve.terminate();
      assertThat(serve.exitCode()).isZero();
      assertThat(serve.errors())
          .contains("wait for a restart: loops", "all goes on as it was")
          .contains("line 2: there is no setting ruels; did you mean rules?");
    }
  }
}
