package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.auth.ApiKeys;
import io.roomcast.auth.TokenMaker;
import io.roomcast.room.Allowance;
import io.roomcast.room.Allowances;
import io.roomcast.room.Census;
import io.roomcast.room.Proxies;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits over the wire: of users over two nodes and a real Redis, of addresses, of the node. */
@SuppressWarnings("NullAway.Init") // Set before each.
final class LimitsIT {
  private static final String KEY = ApiKeys.generate();
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Duration FORGOTTEN = Duration.ofSeconds(Census.FORGET_SECONDS + 5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<RawWebSocket> sockets = new ArrayList<>();
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
  }

  private static Roomcast node(String name, int redisPort) throws IOException {
    return Roomcast.builder()
        .port(0)
        .loops(2)
        .redis("redis://127.0.0.1:" + redisPort)
        .nodeName(name)
        .tokenSecret(SECRET)
        .apiKeys(List.of(ApiKeys.line("test", Set.of(Scope.values()), KEY)))
        .rules(List.of("small size=8", "slow rate=2/1m", "open join=anyone send=anyone"))
        .allowances(
            new Allowances(
                Allowance.NONE,
                new Allowance(3, 0, 1000, 0, 0),
                new Allowance(0, 0, 0, 0, 0),
                Allowance.NONE,
                Proxies.NONE))
        .drain(Duration.ZERO)
        .start();
  }

  @AfterEach
  void stop() throws IOException {
    http.shutdownNow();
    for (RawWebSocket socket : sockets) {
      socket.close();
    }
    a.close();
    b.close();
    proxy.close();
    redis.close();
  }

  private static String token(String user) {
    return TokenMaker.withSecret(SECRET, Time.SYSTEM)
        .make(new TokenMaker.Draft(user, Duration.ofMinutes(10)));
  }

  /** A user's connection, before it is known whether it stays. */
  private RawWebSocket open(Roomcast at, String user) throws IOException {
    RawWebSocket socket = RawWebSocket.open(at.port());
    sockets.add(socket);
    socket.say("{\"type\":\"connect\",\"id\":1,\"token\":\"" + token(user) + "\"}");
    return socket;
  }

  /** One that stays, at least as far as its own node knows. */
  private RawWebSocket connect(Roomcast at, String user) throws IOException {
    RawWebSocket socket = open(at, user);
    assertThat(socket.hear()).contains("\"connected\"");
    return socket;
  }

  /** Whether a new connection of the user may stay, once all nodes are asked. */
  private boolean stays(Roomcast at, String user) throws IOException {
    RawWebSocket socket = open(at, user);
    String heard = socket.hear();
    if (heard.contains("\"connected\"")) {
      // The count of all nodes is there before the answers to what is asked of Redis after it.
      String room = "\"room\":\"fresh " + System.nanoTime() + "\"";
      socket.say("{\"type\":\"SUBSCRIBE\",\"id\":2," + room + "}");
      heard = socket.hear();
      for (int i = 0; i < 3 && !heard.contains("disconnect"); i++) {
        socket.say("{\"type\":\"sendMessage\",\"id\":3,\"echo\":false," + room + ",\"message\":1}");
        heard = socket.hear();
      }
    }
    if (heard.contains("\"sent\"")) {
      return true;
    }
    assertThat(heard).contains("\"type\":\"disconnect\",\"code\":4005").contains("\"after\":5000");
    assertThat(socket.frame().code()).isEqualTo(4005);
    socket.close();
    return false;
  }

  private HttpResponse<String> post(Roomcast at, String room, String bearer, String json)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + at.port() + "/v1/rooms/" + room + "/messages"))
            .POST(BodyPublishers.ofString(json));
    if (!bearer.isEmpty()) {
      request.header("Authorization", "Bearer " + bearer);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void aUsersConnectionsAreCountedOverAllNodes() throws Exception {
    RawWebSocket first = connect(a, "ann");
    connect(a, "ann");
    connect(b, "ann");
    assertThat(stays(b, "ann")).isFalse();
    assertThat(stays(a, "ann")).isFalse();
    assertThat(stays(b, "ben")).isTrue();
    first.close();
    // The place is given back on the other node too.
    await().until(() -> stays(b, "ann"));
    assertThat(stays(b, "ann")).isFalse();
    assertThat(stays(a, "ann")).isFalse();
  }

  @Test
  void aHandshakeThatShowsATokenIsRefusedByHttp() throws Exception {
    for (int i = 0; i < 3; i++) {
      connect(a, "ann");
    }
    try (RawWebSocket socket = RawWebSocket.connect(a.port())) {
      socket.send(RawWebSocket.request("Authorization: Bearer " + token("ann")));
      RawWebSocket.Response refused = socket.response();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.head().toLowerCase(java.util.Locale.ROOT)).contains("retry-after: 5");
      assertThat(refused.body()).contains("this user has 3 connections, as many as it may have");
    }
    HttpRequest stream =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + a.port() + "/v1/rooms/r/events"))
            .header("Authorization", "Bearer " + token("ann"))
            .build();
    HttpResponse<String> refused = http.send(stream, BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).contains("5");
    assertThat(refused.body()).contains("\"code\":1429");
  }

  @Test
  void whatADeadNodeHadIsGivenBack() throws Exception {
    connect(a, "ann");
    connect(b, "ann");
    connect(b, "ann");
    await().until(() -> !stays(a, "ann"));
    // As one that was killed: nothing more comes from it.
    proxy.refuse(true);
    proxy.reset();
    await().atMost(FORGOTTEN).until(() -> passes(a, "ann"));
    assertThat(redis.call("ZCARD", "roomcast:{room:}:census")).isEqualTo(1L);
    // What it has counts again when it is back.
    proxy.refuse(false);
    await()
        .atMost(FORGOTTEN)
        .until(() -> redis.call("ZCARD", "roomcast:{room:}:census").equals(2L));
    await().atMost(FORGOTTEN).until(() -> !passes(a, "ann"));
  }

  /** Whether a new one may stay; it does not. */
  private boolean passes(Roomcast at, String user) throws IOException {
    boolean may = stays(at, user);
    sockets.getLast().close();
    return may;
  }

  @Test
  void withoutRedisEachNodeHoldsItsOwn() throws Exception {
    connect(a, "ann");
    redis.close();
    await().until(() -> !a.health().ready());
    connect(a, "ann");
    connect(a, "ann");
    RawWebSocket fourth = open(a, "ann");
    assertThat(fourth.hear()).contains("\"code\":4005");
  }

  @Test
  void ratesAndSizesOfRoomsHoldOverHttpToo() throws Exception {
    assertThat(post(a, "small", token("ann"), "1234567890").statusCode()).isEqualTo(413);
    assertThat(post(a, "small", KEY, "1234567890").statusCode()).isEqualTo(413);
    assertThat(post(a, "small", token("ann"), "12345678").statusCode()).isEqualTo(200);
    assertThat(post(a, "slow", token("ann"), "1").statusCode()).isEqualTo(200);
    assertThat(post(a, "slow", token("ann"), "2").statusCode()).isEqualTo(200);
    HttpResponse<String> third = post(a, "slow", token("ann"), "3");
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(third.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(25, 30);
    for (int i = 0; i < 5; i++) {
      assertThat(post(a, "slow", KEY, "4").statusCode()).isEqualTo(200);
    }
    assertThat(post(a, "slow", token("ben"), "5").statusCode()).isEqualTo(200);
    HttpRequest many =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + a.port() + "/v1/messages"))
            .header("Authorization", "Bearer " + KEY)
            .POST(
                BodyPublishers.ofString("{\"rooms\":[\"small\",\"large\"],\"message\":1234567890}"))
            .build();
    assertThat(http.send(many, BodyHandlers.ofString()).body())
        .startsWith("{\"sent\":1,\"failed\":1,")
        .contains("{\"type\":\"error\",\"room\":\"small\",\"code\":1413");
  }

  @Test
  void anAddressIsTheOneBehindTheProxy() throws Exception {
    try (Roomcast behind =
        Roomcast.builder()
            .port(0)
            .allowances(
                new Allowances(
                    Allowance.NONE,
                    Allowance.NONE,
                    new Allowance(1, 0, 5, 0, 0),
                    new Allowance(3, 0, 0, 0, 0),
                    new Proxies(List.of("127.0.0.1"))))
            .drain(Duration.ZERO)
            .start()) {
      try (RawWebSocket one = RawWebSocket.open(behind.port(), "X-Forwarded-For: 203.0.113.1");
          RawWebSocket two =
              RawWebSocket.open(behind.port(), "X-Forwarded-For: 203.0.113.1, 203.0.113.2")) {
        assertThat(status(behind, "203.0.113.1")).isEqualTo(429);
        assertThat(status(behind, "203.0.113.7, 203.0.113.2")).isEqualTo(429);
        try (RawWebSocket three =
            RawWebSocket.open(behind.port(), "X-Forwarded-For: 203.0.113.3")) {
          assertThat(status(behind, "203.0.113.4")).isEqualTo(503);
          assertThat(three.ask("{\"type\":\"ping\",\"id\":1}")).contains("pong");
        }
        await().until(() -> status(behind, "203.0.113.3") == 101);
        assertThat(one.ask("{\"type\":\"ping\",\"id\":1}")).contains("pong");
        String heard = "";
        for (int i = 0; i < 50 && !heard.contains("\"code\":1429"); i++) {
          heard = one.ask("{\"type\":\"ping\",\"id\":2}");
        }
        assertThat(heard).contains("\"code\":1429").contains("\"after\":");
        assertThat(two.ask("{\"type\":\"ping\",\"id\":1}")).contains("pong");
      }
      HttpResponse<String> metrics =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + behind.port() + "/metrics"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(metrics.body())
          .containsPattern("roomcast_limited_total\\{limit=\"connections\",scope=\"node\"} [1-9]")
          .containsPattern(
              "roomcast_limited_total\\{limit=\"connections\",scope=\"address\"} [2-9]")
          .containsPattern("roomcast_limited_total\\{limit=\"commands\",scope=\"address\"} [1-9]");
    }
  }

  private static int status(Roomcast at, String forwarded) throws IOException {
    try (RawWebSocket socket = RawWebSocket.connect(at.port())) {
      socket.send(RawWebSocket.request("X-Forwarded-For: " + forwarded));
      return socket.response().status();
    }
  }
}
