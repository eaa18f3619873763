package io.roomcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.protocol.Json;
import io.roomcast.room.Limits;
import io.roomcast.testing.CliProcess;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The commands as people and scripts run them. */
final class CommandLineIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private static Roomcast server() throws IOException {
    return Roomcast.builder().port(0).loops(1).drain(Duration.ofSeconds(1)).start();
  }

  private static String url(int port) {
    return "ws://127.0.0.1:" + port + "/ws";
  }

  private static int portOf(CliProcess serve) throws InterruptedException {
    String line = serve.line("websocket");
    return Integer.parseInt(line.replaceAll(".*:(\\d+)/ws", "$1"));
  }

  private static void assertOneLine(CliProcess process, String... words) {
    assertThat(process.errors())
        .startsWith("roomcast: ")
        .contains(words)
        .doesNotContain("\tat ")
        .hasLineCount(1);
  }

  @Test
  void carriesMessagesBetweenSubAndPub() throws IOException, InterruptedException {
    try (Roomcast server = server();
        CliProcess sub = CliProcess.start("sub", "--url", url(server.port()), "room1", "room2")) {
      try (RawWebSocket probe = RawWebSocket.open(server.port())) {
        // Until the other has joined nobody hears it.
        String sent = "{\"type\":\"sendMessage\",\"room\":\"room2\",\"message\":\"are you there\"}";
        Thread calling = new Thread(() -> call(probe, sent, sub));
        calling.start();
        assertThat(sub.line())
            .isEqualTo("{\"type\":\"message\",\"room\":\"room2\",\"message\":\"are you there\"}");
        calling.interrupt();
        calling.join();
      }
      try (CliProcess pub =
          CliProcess.start("pub", "--url", url(server.port()), "--name", "ann", "room1", "hi")) {
        assertThat(pub.exitCode()).isZero();
        assertThat(pub.errors()).isEmpty();
      }
      assertThat(sub.line("{\"type\":\"message\",\"room\":\"room1\""))
          .startsWith(
              "{\"type\":\"message\",\"room\":\"room1\",\"message\":\"hi\",\"from\":\"ann\",\"key\":\"");
    }
  }

  private static void call(RawWebSocket probe, String sent, CliProcess sub) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        probe.say(sent);
        Thread.sleep(50);
      }
    } catch (IOException e) {
      sub.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Messages of the first room come while the next ones are still being joined. */
  @Test
  void subKeepsTheOrder() throws IOException, InterruptedException {
    try (Roomcast server =
            Roomcast.builder().port(0).limits(Limits.DEFAULT.withCommandsPerSecond(0)).start();
        CliProcess sub =
            CliProcess.start("sub", "--url", url(server.port()), "r1", "r2", "r3", "r4", "r5");
        RawWebSocket sender = RawWebSocket.open(server.port())) {
      Thread counting = new Thread(() -> count(sender, sub));
      counting.start();
      int first = numberIn(sub.line());
      for (int i = 1; i < 2000; i++) {
        assertThat(numberIn(sub.line())).isEqualTo(first + i);
      }
      counting.interrupt();
      counting.join();
    }
  }

  private static int numberIn(String event) {
    return Integer.parseInt(event.replaceAll(".*:(\\d+)}", "$1"));
  }

  private static void count(RawWebSocket sender, CliProcess sub) {
    try {
      for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
        sender.ask("{\"type\":\"sendMessage\",\"id\":1,\"room\":\"r1\",\"message\":" + i + "}");
      }
    } catch (IOException e) {
      sub.close();
    }
  }

  @Test
  void sendsEachLineOfItsInput() throws IOException, InterruptedException {
    try (Roomcast server = server();
        RawWebSocket member = RawWebSocket.open(server.port());
        CliProcess pub = CliProcess.start("pub", "--url", url(server.port()), "room1")) {
      member.join("room1");
      // More than the server takes at once: it has to slow down.
      int count = 300;
      StringBuilder input = new StringBuilder();
      for (int i = 0; i < count; i++) {
        input.append("line ").append(i).append(" \"é\"\n");
      }
      pub.input(input.toString());
      for (int i = 0; i < count; i++) {
        assertThat(member.hear())
            .startsWith(
                "{\"type\":\"message\",\"room\":\"room1\",\"message\":"
                    + new String(Json.quote("line " + i + " \"é\""), StandardCharsets.UTF_8)
                    + ",\"key\":\"");
      }
      assertThat(pub.exitCode()).isZero();
    }
  }

  @Test
  void subPrintsUtf8InAnyLocale() throws IOException, InterruptedException {
    try (Roomcast server = server();
        CliProcess sub =
            CliProcess.start(Map.of("LC_ALL", "C"), "sub", "--url", url(server.port()), "room1");
        RawWebSocket sender = RawWebSocket.open(server.port())) {
      String sent = "{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":\"é 日本 🌟\"}";
      Thread calling = new Thread(() -> call(sender, sent, sub));
      calling.start();
      assertThat(sub.line()).contains("\"message\":\"é 日本 🌟\"");
      calling.interrupt();
      calling.join();
    }
  }

  @Test
  void pubSendsJsonOnlyWhenItIs() throws IOException, InterruptedException {
    try (Roomcast server = server();
        RawWebSocket member = RawWebSocket.open(server.port())) {
      member.join("room1");
      try (CliProcess pub =
          CliProcess.start(
              "pub", "--url", url(server.port()), "--json", "room1", "{\"a\":[1.50]}")) {
        assertThat(pub.exitCode()).isZero();
      }
      assertThat(member.hear()).contains("\"message\":{\"a\":[1.50]},");
      try (CliProcess pub =
          CliProcess.start("pub", "--url", url(server.port()), "--json", "room1", "{a}")) {
        assertThat(pub.exitCode()).isEqualTo(1);
        assertOneLine(pub, "not one JSON value");
      }
    }
  }

  @Test
  void saysThatNothingListens() throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    for (String command : new String[] {"sub", "pub"}) {
      try (CliProcess client = CliProcess.start(command, "--url", url(port), "room1")) {
        assertThat(client.exitCode()).isEqualTo(1);
        assertOneLine(client, "cannot connect to " + url(port) + ": ", "nothing listens");
      }
    }
  }

  @Test
  void saysWhatTheServerRefused() throws IOException, InterruptedException {
    try (Roomcast server = Roomcast.builder().port(0).loops(1).tokenSecret(SECRET).start()) {
      try (CliProcess sub = CliProcess.start("sub", "--url", url(server.port()), "room1")) {
        assertThat(sub.exitCode()).isEqualTo(1);
        assertOneLine(sub, "token");
      }
      try (CliProcess sub =
          CliProcess.start("sub", "--url", url(server.port()).replace("/ws", "/no"), "room1")) {
        assertThat(sub.exitCode()).isEqualTo(1);
        assertOneLine(sub, "cannot connect", "404");
      }
    }
  }

  @Test
  void letsATokenHolderIn() throws IOException, InterruptedException {
    String token;
    try (CliProcess issue =
        CliProcess.start(Map.of("ROOMCAST_TOKEN_SECRET", SECRET), "token", "--user", "ann")) {
      token = issue.line();
      assertThat(issue.exitCode()).isZero();
    }
    try (Roomcast server = Roomcast.builder().port(0).loops(1).tokenSecret(SECRET).start();
        RawWebSocket member = RawWebSocket.open(server.port(), "Authorization: Bearer " + token);
        CliProcess pub =
            CliProcess.start(
                Map.of("ROOMCAST_TOKEN", token, "ROOMCAST_URL", url(server.port())),
                "pub",
                "room1",
                "hi")) {
      member.join("room1");
      assertThat(member.hear()).contains("\"message\":\"hi\",\"from\":\"ann\"");
      assertThat(pub.exitCode()).isZero();
    }
    try (CliProcess check =
        CliProcess.start("token", "--token-secret", SECRET, "--check", token + "x")) {
      assertThat(check.exitCode()).isEqualTo(1);
      assertOneLine(check, "signature");
    }
  }

  @Test
  void servesUntilItIsToldToStop() throws IOException, InterruptedException {
    try (CliProcess serve = CliProcess.start("serve", "--port", "0", "--drain", "2")) {
      int port = portOf(serve);
      assertThat(serve.line("clients")).contains("this machine only");
      try (RawWebSocket client = RawWebSocket.open(port)) {
        client.join("room1");
        serve.terminate();
        RawWebSocket.Ending ending = client.endAnswering();
        assertThat(ending.code()).isEqualTo(1001);
        assertThat(ending.texts())
            .singleElement()
            .asString()
            .startsWith("{\"type\":\"disconnect\",\"code\":1001,")
            .contains("\"reconnect\":true,\"after\":");
      }
      assertThat(serve.exitCode()).isZero();
      assertThat(serve.errors()).isEmpty();
    }
  }

  @Test
  void saysThatThePortIsTaken() throws IOException, InterruptedException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CliProcess serve =
            CliProcess.start("serve", "--port", Integer.toString(other.getLocalPort()))) {
      assertThat(serve.exitCode()).isEqualTo(1);
      assertOneLine(serve, "cannot listen on 127.0.0.1:" + other.getLocalPort(), "in use");
    }
    try (Roomcast other = server();
        CliProcess serve = CliProcess.start("serve", "--port", Integer.toString(other.port()))) {
      assertThat(serve.exitCode()).isEqualTo(1);
      assertOneLine(serve, "cannot listen on 127.0.0.1:" + other.port(), "in use");
    }
  }

  @Test
  void benchKeepsALedger() throws IOException, InterruptedException {
    try (Roomcast server = server();
        CliProcess bench =
            CliProcess.start(
                "bench --ledger --rooms 2 --members 3 --rate 150 --seconds 1 --url"
                    .concat(" " + url(server.port()))
                    .split(" ", -1))) {
      assertThat(bench.line("holes unsignalled")).endsWith(" 0.00");
      assertThat(bench.line("nothing lost")).isNotEmpty();
      assertThat(bench.exitCode()).isZero();
    }
  }
}
