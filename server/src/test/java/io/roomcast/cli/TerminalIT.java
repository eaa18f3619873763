package io.roomcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.testing.CliProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code sub} and {@code pub} where rooms keep a log, and where the server goes and comes. */
final class TerminalIT {
  private static Roomcast server(int port) throws IOException {
    return Roomcast.builder()
        .port(port)
        .loops(1)
        .drain(Duration.ZERO)
        .rules(List.of("kept:* log=100/1h"))
        .start();
  }

  private static String url(Roomcast server) {
    return "ws://127.0.0.1:" + server.port() + "/ws";
  }

  private static void pub(Roomcast server, String room, String lines)
      throws IOException, InterruptedException {
    try (CliProcess pub = CliProcess.start("pub", "--json", "--url", url(server), room)) {
      pub.input(lines);
      assertThat(pub.exitCode()).as(pub.errors()).isZero();
    }
  }

  @Test
  void beginsWithTheNewestOrAfterAPosition() throws IOException, InterruptedException {
    try (Roomcast server = server(0)) {
      pub(server, "kept:a", "1\n2\n3\n4\n5\n");
      String position;
      try (CliProcess sub =
          CliProcess.start("sub", "--url", url(server), "--last", "2", "--count", "2", "kept:a")) {
        assertThat(sub.line()).contains("\"message\":4,");
        assertThat(sub.line()).contains("\"message\":5,", "\"offset\":5");
        assertThat(sub.exitCode()).isZero();
        assertThat(sub.errors()).matches("roomcast: joined kept:a at [0-9a-f]+:3\n?");
        position = sub.errors().replaceAll("(?s).* at (.*):3\n?", "$1") + ":1";
      }
      try (CliProcess sub =
          CliProcess.start(
              "sub", "--url", url(server), "--since", position, "--count", "4", "kept:a")) {
        for (int i = 2; i <= 5; i++) {
          assertThat(sub.line()).contains("\"message\":" + i + ",");
        }
        assertThat(sub.exitCode()).isZero();
      }
      try (CliProcess sub =
          CliProcess.start(
              "sub", "--url", url(server), "--since", "other:1", "--last", "0", "kept:a")) {
        assertThat(sub.line()).contains("\"type\":\"gap\"", "\"reason\":\"connection\"");
      }
    }
  }

  @Test
  void comesBackWithItsServerAndGoesOnWhereItStood() throws IOException, InterruptedException {
    Roomcast first = server(0);
    int port = first.port();
    try (CliProcess sub = CliProcess.start("sub", "--url", url(first), "kept:a", "plain")) {
      // It joins in its own time.
      while (first.health().ready() && !joined(first)) {
        Thread.sleep(20);
      }
      pub(first, "kept:a", "2\n");
      assertThat(sub.line()).contains("\"message\":2,");
      first.close();
      try (Roomcast second = server(port)) {
        // The log went with its server, and the room without one has none.
        List<String> gaps = List.of(sub.line(), sub.line());
        assertThat(gaps).allMatch(line -> line.contains("\"reason\":\"connection\""));
        pub(second, "plain", "3\n");
        assertThat(sub.line()).contains("\"message\":3,");
      }
      sub.terminate();
      assertThat(sub.errors()).contains("shutting down; coming back");
    }
  }

  private static boolean joined(Roomcast server) throws IOException, InterruptedException {
    var request =
        java.net.http.HttpRequest.newBuilder(
                java.net.URI.create("http://127.0.0.1:" + server.port() + "/v1/rooms"))
            .build();
    String body =
        java.net.http.HttpClient.newHttpClient()
            .send(request, java.net.http.HttpResponse.BodyHandlers.ofString())
            .body();
    return body.contains("kept:a") && body.contains("plain");
  }

  /** sub room1 | pub room2: lines of JSON go in as they came out. */
  @Test
  void pipesIntoPub() throws IOException, InterruptedException {
    try (Roomcast server = server(0)) {
      pub(server, "kept:from", "{\"n\":1}\n\"two\"\n");
      String lines;
      try (CliProcess sub =
          CliProcess.start(
              "sub", "--url", url(server), "--last", "9", "--count", "2", "kept:from")) {
        lines = sub.line() + "\n" + sub.line() + "\n";
        assertThat(sub.exitCode()).isZero();
      }
      pub(server, "kept:to", lines);
      try (CliProcess sub =
          CliProcess.start("sub", "--url", url(server), "--last", "9", "--count", "2", "kept:to")) {
        assertThat(sub.line())
            .contains("\"message\":{\"type\":\"message\"", "\"message\":{\"n\":1}");
        assertThat(sub.line()).contains("\"message\":\"two\"");
      }
    }
  }

  @Test
  void refusesWhatDoesNotGoTogether() throws IOException, InterruptedException {
    for (List<String> wrong :
        List.of(
            List.of("--last", "1001", "a"),
            List.of("--since", "nothing", "a"),
            List.of("--since", "e:1", "--last", "1", "a"),
            List.of("--since", "e:1", "a", "b"),
            List.of("--count", "-1", "a"))) {
      List<String> arguments = new java.util.ArrayList<>(List.of("sub"));
      arguments.addAll(wrong);
      assertThat(RoomcastCommand.run(arguments.toArray(String[]::new))).as("" + wrong).isEqualTo(2);
    }
  }
}
