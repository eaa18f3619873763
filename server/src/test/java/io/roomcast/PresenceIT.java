package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.auth.TokenMaker;
import io.roomcast.auth.TokenMaker.Draft;
import io.roomcast.room.Grants;
import io.roomcast.room.Time;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Presence by HTTP and in the metrics, of members who came by WebSocket and by SSE. */
final class PresenceIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String ANN = "{\"name\": \"Ann\\n\",\"n\":[1.50]}";

  private Roomcast server;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    server =
        Roomcast.builder()
            .port(0)
            .drain(Duration.ZERO)
            .rules(List.of("team:* presence=1s"))
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  private HttpResponse<String> get(String path) {
    return get(server, path);
  }

  private HttpResponse<String> get(Roomcast node, String path) {
    URI uri = URI.create("http://127.0.0.1:" + node.port() + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private RawWebSocket member(String name) throws IOException {
    RawWebSocket client = RawWebSocket.open(server.port());
    client.say("{\"type\":\"connect\",\"name\":\"" + name + "\"}");
    client.join("team:a");
    return client;
  }

  @Test
  void membersAreListedAndCounted() throws IOException {
    try (RawWebSocket ann = member("ann")) {
      // Before the second one is there, or it would hear of it too.
      assertThat(ann.hear())
          .isEqualTo("{\"type\":\"joined\",\"room\":\"team:a\",\"user\":\"ann\"}");
      countsThreeSessionsOfTwoUsers(ann);
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> get("/v1/rooms/team:a/members").body().contains("\"count\":0"));
  }

  private void countsThreeSessionsOfTwoUsers(RawWebSocket ann) throws IOException {
    try (RawWebSocket second = member("ann");
        RawWebSocket ben = member("ben")) {
      assertThat(ann.hear())
          .isEqualTo("{\"type\":\"joined\",\"room\":\"team:a\",\"user\":\"ben\"}");
      assertThat(get("/v1/rooms/team:a/members").body())
          .isEqualTo(
              "{\"type\":\"presence\",\"room\":\"team:a\",\"users\":[\"ann\",\"ben\"],"
                  + "\"more\":false,\"count\":2}");
      assertThat(get("/v1/rooms/team:a/members?limit=1&after=ann").body())
          .contains("\"users\":[\"ben\"],\"more\":false");
      assertThat(second.ask("{\"type\":\"presence\",\"id\":1,\"room\":\"team:a\",\"counts\":true}"))
          .as("the second of one user heard of no other joining")
          .contains("\"type\":\"joined\"", "\"ben\"");
      assertThat(get("/v1/rooms/team:a/members?counts=1").body())
          .isEqualTo("{\"type\":\"presence\",\"room\":\"team:a\",\"count\":2,\"sessions\":3}");
      assertThat(get("/metrics").body())
          .contains(
              "roomcast_presence_users 2.0\n",
              "roomcast_presence_events_total{event=\"joined\"} 2.0\n",
              "roomcast_presence_failures_total 0.0\n");
      ben.reset();
      assertThat(ann.hear()).isEqualTo("{\"type\":\"left\",\"room\":\"team:a\",\"user\":\"ben\"}");
    }
  }

  @Test
  void whoReadsAnEventStreamIsThereToo() {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/v1/rooms/team:b/events");
    HttpResponse<java.util.stream.Stream<String>> stream =
        http.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines())
            .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
            .join();
    try (java.util.stream.Stream<String> lines = stream.body()) {
      assertThat(lines.filter(line -> line.startsWith("data:")).findFirst().orElse(""))
          .matches("data: \\{\"type\":\"joined\",\"room\":\"team:b\",\"user\":\"~[0-9a-f]{16}\"}");
    }
  }

  @Test
  void whatATokenSaysOfItsUserIsSeenOnAllNodes() throws IOException {
    server.close();
    try (RedisProcess redis = RedisProcess.start();
        Roomcast other = withTokens(redis)) {
      server = withTokens(redis);
      await().until(() -> get(server, "/ready").statusCode() == 200);
      await().until(() -> get(other, "/ready").statusCode() == 200);
      try (RawWebSocket ann = member(server, "ann", ANN)) {
        // Before the second one is there, or it could hear of it too.
        assertThat(ann.hear()).isEqualTo(told("ann", ANN));
        showsWhatTokensSay(ann, other);
      }
    }
  }

  private static String told(String user, String info) {
    return "{\"type\":\"joined\",\"room\":\"team:a\",\"user\":\"%s\",\"info\":%s}"
        .formatted(user, info);
  }

  private void showsWhatTokensSay(RawWebSocket ann, Roomcast other) throws IOException {
    try (RawWebSocket ben = member(other, "ben", "\"B\"")) {
      assertThat(ann.hear()).isEqualTo(told("ben", "\"B\""));
      assertThat(ben.hear()).isEqualTo(told("ben", "\"B\""));
      assertThat(ben.ask("{\"type\":\"presence\",\"id\":1,\"room\":\"team:a\"}"))
          .contains(
              "\"users\":[\"ann\",\"ben\"],\"infos\":{\"ann\":" + ANN + ",\"ben\":\"B\"},\"more\"");
      try (RawWebSocket again = member(other, "ann", "2")) {
        String both = "\"infos\":{\"ann\":2,\"ben\":\"B\"}";
        await().until(() -> get(server, "/v1/rooms/team:a/members").body().contains(both));
        assertThat(again.ask("{\"type\":\"presence\",\"id\":1,\"room\":\"team:a\"}"))
            .contains(both);
        assertThat(get(other, "/v1/rooms/team:a/members?limit=1").body())
            .contains("\"users\":[\"ann\"],\"infos\":{\"ann\":2},\"more\":true");
        assertThat(get(other, "/v1/rooms/team:a/members?counts=1").body()).doesNotContain("infos");
      }
      ben.reset();
      assertThat(ann.hear())
          .as("of ann's second session nothing was told")
          .isEqualTo("{\"type\":\"left\",\"room\":\"team:a\",\"user\":\"ben\"}");
    }
  }

  private static Roomcast withTokens(RedisProcess redis) throws IOException {
    return Roomcast.builder()
        .port(0)
        .redis(redis.uri())
        .tokenSecret(SECRET)
        .rules(List.of("team:* presence=1s members=anyone"))
        .drain(Duration.ZERO)
        .start();
  }

  private static RawWebSocket member(Roomcast node, String user, String info) throws IOException {
    Draft draft = new Draft(user, Duration.ofMinutes(5), "", "", info, Grants.NONE);
    String token = TokenMaker.withSecret(SECRET, Time.SYSTEM).make(draft);
    RawWebSocket client = RawWebSocket.open(node.port());
    client.say("{\"type\":\"connect\",\"token\":\"" + token + "\"}");
    client.join("team:a");
    return client;
  }

  @Test
  void presenceBeginsWhereRulesAskForItLater() throws IOException {
    server.close();
    try (RedisProcess redis = RedisProcess.start()) {
      server = Roomcast.builder().port(0).drain(Duration.ZERO).redis(redis.uri()).start();
      await().until(() -> get("/ready").statusCode() == 200);
      server.rules(List.of("team:* presence=1s"));
      try (RawWebSocket ann = member("ann")) {
        assertThat(ann.hear())
            .isEqualTo("{\"type\":\"joined\",\"room\":\"team:a\",\"user\":\"ann\"}");
        await().until(() -> Long.valueOf(1).equals(redis.call("HLEN", "roomcast:{room:}:nodes")));
        assertThat(get("/v1/rooms/team:a/members?counts=1").body()).contains("\"count\":1");
      }
      server.close();
    }
  }

  @Test
  void whatCannotBeAskedIsSaid() {
    assertThat(get("/v1/rooms/plain/members").statusCode()).isEqualTo(501);
    assertThat(get("/v1/rooms/plain/members").body())
        .contains("\"code\":1501", "this room shows no presence");
    assertThat(get("/v1/rooms/team:a/members?limit=0").statusCode()).isEqualTo(422);
    assertThat(get("/v1/rooms/team:a/members?counts=maybe").body())
        .contains("counts must be 1 or 0");
    assertThat(get("/v1/rooms/team:a/members?after=" + "x".repeat(129)).statusCode())
        .isEqualTo(422);
  }
}
