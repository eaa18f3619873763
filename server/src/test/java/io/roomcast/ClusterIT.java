package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.auth.ApiKeys;
import io.roomcast.room.Scope;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server API reaches who is on another node: two nodes and a real Redis. */
@SuppressWarnings("NullAway.Init") // Set before each.
final class ClusterIT {
  private static final String KEY = ApiKeys.generate();

  private final HttpClient http = HttpClient.newHttpClient();
  private RedisProcess redis;
  private Roomcast a;
  private Roomcast b;

  @BeforeEach
  void start() throws IOException {
    redis = RedisProcess.start();
    a = node("a");
    b = node("b");
    await().atMost(Duration.ofSeconds(20)).until(() -> a.health().ready() && b.health().ready());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> call("GET", "/v1/cluster").contains("\"node\":\"b\""));
  }

  private Roomcast node(String name) throws IOException {
    return Roomcast.builder()
        .port(0)
        .redis(redis.uri())
        .nodeName(name)
        .apiKeys(List.of(ApiKeys.line("test", Set.of(Scope.values()), KEY)))
        .drain(Duration.ZERO)
        .start();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    a.close();
    b.close();
    redis.close();
  }

  /** Asks node a. */
  private String call(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + a.port() + path))
            .header("Authorization", "Bearer " + KEY)
            .method(method, BodyPublishers.noBody())
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  private RawWebSocket ann(Roomcast node, String session) throws IOException {
    RawWebSocket client = RawWebSocket.open(node.port());
    client.ask("{\"type\":\"connect\",\"id\":1,\"name\":\"ann\",\"session\":\"" + session + "\"}");
    return client;
  }

  @Test
  void aUserIsJoinedRemovedAndDisconnectedOnWhicheverNode() throws Exception {
    try (RawWebSocket here = ann(a, "s1");
        RawWebSocket there = ann(b, "s2")) {
      assertThat(call("PUT", "/v1/users/ann/rooms/r")).isEqualTo("{\"sessions\":2,\"failed\":0}");
      assertThat(here.hear()).isEqualTo("{\"type\":\"subscribed\",\"room\":\"r\"}");
      assertThat(there.hear()).isEqualTo("{\"type\":\"subscribed\",\"room\":\"r\"}");
      assertThat(call("GET", "/v1/rooms"))
          .isEqualTo("{\"rooms\":[{\"room\":\"r\",\"members\":2,\"messages\":0}],\"node\":\"a\"}");
      assertThat(call("GET", "/v1/users/ann/sessions"))
          .contains(
              "{\"session\":\"s1\",\"user\":\"ann\",\"node\":\"a\",\"wire\":\"websocket\","
                  + "\"rooms\":[\"r\"]}",
              "{\"session\":\"s2\",\"user\":\"ann\",\"node\":\"b\",\"wire\":\"websocket\","
                  + "\"rooms\":[\"r\"]}");
      a.publish("r", "1");
      assertThat(there.hear()).contains("\"message\":1");
      assertThat(call("DELETE", "/v1/sessions/s2/rooms/r"))
          .isEqualTo("{\"sessions\":1,\"failed\":0}");
      assertThat(there.hear()).contains("\"unsubscribed\"", "\"code\":2000");
      assertThat(call("POST", "/v1/users/ann/disconnect"))
          .isEqualTo("{\"sessions\":2,\"failed\":0}");
      assertThat(there.endAnswering().code()).isEqualTo(4502);
    }
  }

  @Test
  void aNodeThatIsGoneIsNoLongerThere() throws Exception {
    String both = call("GET", "/v1/cluster");
    assertThat(both)
        .contains("\"node\":\"a\"", "\"node\":\"b\"", "\"ready\":true", "\"complete\":true");
    await().until(() -> call("GET", "/v1/cluster").contains("\"lag\":"));
    b.close();
    await().until(() -> !call("GET", "/v1/cluster").contains("\"node\":\"b\""));
    assertThat(call("GET", "/v1/cluster")).contains("\"silent\":0,\"complete\":true");
  }
}
