package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.auth.ApiKeys;
import io.roomcast.room.Scope;
import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules that the server API gives to one node hold on all: two nodes and a real Redis. */
@SuppressWarnings("NullAway.Init") // Set before each.
final class RulesIT {
  private static final String KEY = ApiKeys.generate();
  private static final String CLOSED = "{\"rules\":[\"r join=server\",\"kept* log=5/1h\"]}";

  private final HttpClient http = HttpClient.newHttpClient();
  private RedisProcess redis;
  private FaultProxy proxy;
  private Roomcast a;
  private Roomcast b;

  @BeforeEach
  void start() throws IOException {
    redis = RedisProcess.start();
    proxy = FaultProxy.before(redis.port());
    a = node("a", redis.port(), settings -> settings.rules(List.of("own:a log=5/1h")));
    b = node("b", proxy.port(), settings -> settings.rules(List.of("own:b log=5/1h")));
    awaitBoth();
  }

  private void awaitBoth() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> call(a, "GET", "").body().contains("\"node\":\"b\""));
  }

  private static Roomcast node(String name, int redisPort, UnaryOperator<RoomcastBuilder> more)
      throws IOException {
    return more.apply(
            Roomcast.builder()
                .port(0)
                .loops(1)
                .redis("redis://127.0.0.1:" + redisPort)
                .nodeName(name)
                .apiKeys(List.of(ApiKeys.line("test", Set.of(Scope.values()), KEY)))
                .drain(Duration.ZERO))
        .start();
  }

  @AfterEach
  void stop() throws IOException {
    http.shutdownNow();
    a.close();
    b.close();
    proxy.close();
    redis.close();
  }

  private HttpResponse<String> call(Roomcast node, String method, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/v1/rules"))
            .header("Authorization", "Bearer " + KEY)
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static String join(Roomcast node, String room) throws IOException {
    try (RawWebSocket client = RawWebSocket.open(node.port())) {
      return client.ask("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"" + room + "\"}");
    }
  }

  @Test
  void theyHoldOnAllNodesAtOnceAndForThoseWhoAreThere() throws Exception {
    assertThat(call(a, "GET", "").body())
        .contains(
            "{\"node\":\"a\",\"from\":\"configuration\",\"same\":true}",
            "{\"node\":\"b\",\"from\":\"configuration\",\"same\":false}");
    try (RawWebSocket there = RawWebSocket.open(b.port())) {
      there.join("r");
      HttpResponse<String> given = call(a, "PUT", CLOSED);
      assertThat(given.statusCode()).isEqualTo(200);
      assertThat(given.body())
          .contains("\"from\":\"api\"", "\"complete\":true")
          .doesNotContain("\"same\":false");
      assertThat(there.hear()).contains("\"unsubscribed\"", "\"code\":2001");
      for (Roomcast node : List.of(a, b)) {
        assertThat(join(node, "r")).contains("\"code\":1403");
        assertThat(join(node, "kept:1")).contains("\"offset\":0");
        assertThat(join(node, "own:a")).doesNotContain("offset");
      }
    }
    // What the configuration says now waits until they are taken back, by any node.
    assertThat(b.rules(List.of("own:c log=5/1h"))).isFalse();
    assertThat(join(b, "own:c")).doesNotContain("offset");
    assertThat(call(b, "DELETE", "").statusCode()).isEqualTo(200);
    assertThat(join(a, "r")).contains("subscribed");
    assertThat(join(a, "own:a")).contains("\"offset\":0");
    assertThat(join(b, "own:c")).contains("\"offset\":0");
    assertThat(join(b, "own:a")).doesNotContain("offset");
  }

  @Test
  void aNodeThatWasAwayAndOneThatComesLaterHaveThemToo() throws Exception {
    proxy.refuse(true);
    proxy.reset();
    await().until(() -> !b.health().ready());
    await().until(() -> call(a, "PUT", CLOSED).statusCode() == 200);
    // Nobody can say to all nodes what one alone says.
    HttpResponse<String> alone = call(b, "PUT", "{\"rules\":[\"x local\"]}");
    assertThat(alone.statusCode()).isEqualTo(503);
    assertThat(alone.body()).contains("nothing has changed");
    assertThat(call(b, "GET", "").body())
        .startsWith("{\"rules\":[\"own:b ")
        .contains("\"complete\":false");
    proxy.refuse(false);
    await().untilAsserted(() -> assertThat(join(b, "r")).contains("\"code\":1403"));
    Roomcast late = node("late", redis.port(), settings -> settings);
    try {
      await().untilAsserted(() -> assertThat(join(late, "r")).contains("\"code\":1403"));
    } finally {
      late.close();
    }
  }

  @Test
  void whatOneNodeCannotFulfilHoldsOnNone() throws Exception {
    b.close();
    b =
        node(
            "b",
            redis.port(),
            settings -> settings.tokenSecret("0123456789abcdef0123456789abcdef"));
    awaitBoth();
    // Node b has a key for tokens, node a has none.
    HttpResponse<String> refused = call(b, "PUT", "{\"rules\":[\"r join=token\"]}");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("node a: the rule for \\\"r\\\" says user or token");
    assertThat(call(b, "GET", "").body()).contains("\"rules\":[],\"from\":\"configuration\"");
    assertThat(call(a, "GET", "").body()).doesNotContain("\"api\"");
  }
}
