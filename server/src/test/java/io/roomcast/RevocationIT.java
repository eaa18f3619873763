package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.auth.ApiKeys;
import io.roomcast.auth.TokenMaker;
import io.roomcast.room.Scope;
import io.roomcast.room.Time;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is revoked by one node is not good on any: two nodes and a real Redis. */
@SuppressWarnings("NullAway.Init") // Set before each.
final class RevocationIT {
  private static final String KEY = ApiKeys.generate();
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String token =
      TokenMaker.withSecret(SECRET, Time.SYSTEM)
          .make(new TokenMaker.Draft("ann", Duration.ofMinutes(10)));
  private RedisProcess redis;
  private FaultProxy proxy;
  private Roomcast a;
  private Roomcast b;

  @BeforeEach
  void start() throws IOException {
    redis = RedisProcess.start();
    proxy = FaultProxy.before(redis.port());
    a = node("a", redis.port());
    b = node("b", proxy.port());
    await().until(() -> a.health().ready() && b.health().ready());
    await().until(() -> call("GET", "/v1/cluster", "").body().contains("\"node\":\"b\""));
  }

  private static Roomcast node(String name, int redisPort) throws IOException {
    return Roomcast.builder()
        .port(0)
        .loops(1)
        .redis("redis://127.0.0.1:" + redisPort)
        .nodeName(name)
        .tokenSecret(SECRET)
        .apiKeys(List.of(ApiKeys.line("test", Set.of(Scope.values()), KEY)))
        .drain(Duration.ZERO)
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

  /** Asks node a. */
  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + a.port() + path))
            .header("Authorization", "Bearer " + KEY)
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> revoke(String kind, String value) throws Exception {
    return call(
        "POST",
        "/v1/revocations",
        "{\"kind\":\"" + kind + "\",\"value\":\"" + value + "\",\"seconds\":600}");
  }

  private static String connect(String token) {
    return "{\"type\":\"connect\",\"id\":1,\"token\":\"" + token + "\",\"session\":\"s1\"}";
  }

  private String tokenId() {
    String claims =
        new String(
            java.util.Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]),
            java.nio.charset.StandardCharsets.UTF_8);
    return claims.replaceAll(".*\"jti\":\"([^\"]+)\".*", "$1");
  }

  @ParameterizedTest
  @CsvSource({"user", "session", "token"})
  void whoIsThereIsClosedAndWhoComesIsRefused(String kind) throws Exception {
    String value = kind.equals("user") ? "ann" : kind.equals("session") ? "s1" : tokenId();
    try (RawWebSocket there = RawWebSocket.open(b.port())) {
      assertThat(there.ask(connect(token))).contains("connected");
      HttpResponse<String> done = revoke(kind, value);
      assertThat(done.body()).isEqualTo("{\"sessions\":1,\"failed\":0}");
      assertThat(there.endAnswering().code()).isEqualTo(4501);
    }
    for (Roomcast node : List.of(a, b)) {
      try (RawWebSocket again = RawWebSocket.open(node.port())) {
        again.say(connect(token));
        if (kind.equals("session")) {
          assertThat(again.endAnswering().code()).isEqualTo(4501);
        } else {
          assertThat(again.hear()).contains("\"code\":1401", "revoked");
        }
      }
    }
  }

  @Test
  void aNodeThatWasAwayHearsOfItWhenItIsBack() throws Exception {
    try (RawWebSocket there = RawWebSocket.open(b.port())) {
      assertThat(there.ask(connect(token))).contains("connected");
      proxy.refuse(true);
      proxy.reset();
      await().until(() -> !b.health().ready());
      revoke("user", "ann");
      proxy.refuse(false);
      assertThat(there.endAnswering().code()).isEqualTo(4501);
    }
    Roomcast late = node("late", redis.port());
    try {
      await()
          .untilAsserted(
              () -> {
                try (RawWebSocket client = RawWebSocket.open(late.port())) {
                  assertThat(client.ask(connect(token))).contains("\"code\":1401");
                }
              });
    } finally {
      late.close();
    }
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    assertThat(revoke("room", "a").statusCode()).isEqualTo(422);
    assertThat(revoke("user", "").statusCode()).isEqualTo(422);
    assertThat(
            call(
                    "POST",
                    "/v1/revocations",
                    "{\"kind\":\"user\",\"value\":\"a\",\"seconds\":99999999}")
                .statusCode())
        .isEqualTo(422);
  }
}
