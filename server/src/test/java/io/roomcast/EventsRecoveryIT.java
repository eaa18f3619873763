package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Server-Sent Events of a room with a log: who comes back gets what was missed. */
final class EventsRecoveryIT {
  private Roomcast server;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    server =
        Roomcast.builder().port(0).drain(Duration.ZERO).rules(List.of("kept log=3/1h")).start();
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  /** The first lines of a stream, blank ones left out. */
  private List<String> lines(String room, String lastId, int count) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/v1/rooms/" + room + "/events"))
            .timeout(Duration.ofSeconds(10));
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    HttpResponse<Stream<String>> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    assertThat(response.statusCode()).isEqualTo(200);
    List<String> lines = new ArrayList<>();
    try (Stream<String> body = response.body()) {
      Iterator<String> all = body.filter(line -> !line.isEmpty()).iterator();
      while (lines.size() < count) {
        lines.add(all.next());
      }
    }
    assertThat(lines.subList(0, 2)).containsExactly("retry: 1000", ": subscribed");
    return lines.subList(2, lines.size());
  }

  private void publish(String room, int from, int to) {
    for (int i = from; i <= to; i++) {
      server.publish(room, "" + i).toCompletableFuture().join();
    }
  }

  @Test
  void whatWasMissedFollowsOnThePositionThatIsShown() throws Exception {
    publish("kept", 1, 2);
    String id = lines("kept", "", 3).get(0);
    assertThat(id).startsWith("id: ").endsWith(":2");
    String position = id.substring("id: ".length());
    publish("kept", 3, 4);
    List<String> back = lines("kept", position, 8);
    assertThat(back.get(0)).isEqualTo(id);
    assertThat(back.get(1)).contains("\"type\":\"subscribed\"").contains("\"recovered\":true");
    assertThat(back.get(2)).endsWith(":3");
    assertThat(back.get(3)).startsWith("data: {").contains("\"message\":3,");
    assertThat(back.get(4)).endsWith(":4");
    assertThat(back.get(5)).contains("\"message\":4,");
  }

  @Test
  void whatTheLogNoLongerHasIsSaidToBeLost() throws Exception {
    publish("kept", 1, 1);
    String position = lines("kept", "", 3).get(0).substring("id: ".length());
    publish("kept", 2, 9);
    for (String shown : List.of(position, "nonsense", "other:1")) {
      List<String> back = lines("kept", shown, 4);
      assertThat(back.get(0)).endsWith(":9");
      assertThat(back.get(1)).contains("\"recovered\":false").contains("\"offset\":9");
    }
  }

  @Test
  void aRoomWithoutALogHasNoPositions() throws Exception {
    assertThat(lines("plain", "x:1", 3).get(0))
        .isEqualTo("data: {\"type\":\"subscribed\",\"room\":\"plain\",\"recovered\":false}");
  }
}
