package io.roomcast.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.roomcast.Roomcast;
import io.roomcast.auth.Forger.Attack;
import io.roomcast.auth.TokenMaker.Draft;
import io.roomcast.config.TokenConfig;
import io.roomcast.protocol.Json;
import io.roomcast.room.Grants;
import io.roomcast.room.Time;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A live server with a secret and public keys, and everybody who should not get in. */
final class TokenAttacksIT {
  private static final String SECRET = "a-token-secret-that-nobody-guesses-0";

  private final KeyPair rsa = Keys.pair("RSA", 2048);
  private final KeyPair ec = Keys.pair("EC", 256);
  private final KeyPair ed = Keys.pair("Ed25519", 0);
  private final HttpClient client = HttpClient.newHttpClient();
  private @TempDir Path folder;
  private Roomcast server;

  @BeforeEach
  void start() throws IOException {
    start("", false);
  }

  private void start(String keysUrl, boolean inUrl) throws IOException {
    Path rsaFile =
        Files.writeString(folder.resolve("rsa"), Keys.pem("PUBLIC KEY", rsa.getPublic()));
    Path ecFile = Files.writeString(folder.resolve("ec"), Keys.pem("PUBLIC KEY", ec.getPublic()));
    Path edFile = Files.writeString(folder.resolve("ed"), Keys.pem("PUBLIC KEY", ed.getPublic()));
    server =
        Roomcast.builder()
            .port(0)
            .loops(1)
            .drain(Duration.ZERO)
            .rules(List.of("desk join=token"))
            .tokens(
                new TokenConfig(
                    SECRET,
                    List.of(rsaFile.toString(), ecFile.toString(), edFile.toString()),
                    keysUrl,
                    Forger.ISSUER,
                    Forger.AUDIENCE,
                    inUrl))
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
    client.shutdownNow();
  }

  private static String connect(String token) {
    return "{\"type\":\"connect\",\"id\":1,\"token\":" + new String(Json.quote(token), UTF_8) + "}";
  }

  private int post(String query, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/v1/rooms/r/messages" + query))
            .POST(HttpRequest.BodyPublishers.ofString("hi"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private List<String> goodTokens() {
    Draft draft = draft(Duration.ofMinutes(10));
    return List.of(
        TokenMaker.withSecret(SECRET, Time.SYSTEM).make(draft),
        TokenMaker.withKey(Keys.pem("PRIVATE KEY", rsa.getPrivate()), Time.SYSTEM).make(draft),
        TokenMaker.withKey(Keys.pem("PRIVATE KEY", ec.getPrivate()), Time.SYSTEM).make(draft),
        TokenMaker.withKey(Keys.pem("PRIVATE KEY", ed.getPrivate()), Time.SYSTEM).make(draft));
  }

  private static Draft draft(Duration life) {
    return new Draft("ann", life, Forger.ISSUER, Forger.AUDIENCE, "", Grants.NONE);
  }

  @Test
  void noForgedTokenIsTaken() throws Exception {
    long now = Time.SYSTEM.wallMillis() / 1000;
    AtomicInteger fetches = new AtomicInteger();
    HttpServer trap =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    trap.createContext(
        "/",
        exchange -> {
          fetches.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    trap.start();
    String address = "http://127.0.0.1:" + trap.getAddress().getPort() + "/keys";
    List<Attack> attacks = new Forger(SECRET, rsa, ed, address, now).attacks();
    assertThat(attacks.stream().map(Attack::token).distinct().count()).isGreaterThanOrEqualTo(130);
    List<String> taken = new ArrayList<>();
    for (int from = 0; from < attacks.size(); from += 40) {
      try (RawWebSocket socket = RawWebSocket.open(server.port())) {
        for (Attack attack : attacks.subList(from, Math.min(from + 40, attacks.size()))) {
          String answer = socket.ask(connect(attack.token()));
          // A field that is too long is an error of its own.
          if (!answer.contains("\"code\":1401,") && !answer.contains("\"code\":1422,")) {
            taken.add(attack.name() + ": " + answer);
          }
        }
        assertThat(socket.ask("{\"type\":\"SUBSCRIBE\",\"id\":2,\"room\":\"r\"}")).contains("1401");
      }
    }
    assertThat(taken).isEmpty();
    for (Attack attack : attacks) {
      // Blanks around a header's value are HTTP's own, and a line break has no place there.
      if (attack.token().length() < 7000
          && attack.token().strip().equals(attack.token())
          && !attack.token().isEmpty()
          && !attack.token().contains("\n")) {
        assertThat(post("", "Authorization", "Bearer " + attack.token()))
            .as(attack.name())
            .isEqualTo(401);
      }
    }
    trap.stop(0);
    assertThat(fetches).as("fetched because a token said so").hasValue(0);
  }

  @Test
  void aTokenOfAMegabyteIsNotEvenLookedAt() throws Exception {
    String token = goodTokens().getFirst() + "A".repeat(1 << 20);
    try (RawWebSocket socket = RawWebSocket.open(server.port())) {
      socket.say(connect(token));
      assertThat(socket.end().code()).isEqualTo(1009);
    }
    try (RawWebSocket socket = RawWebSocket.connect(server.port())) {
      socket.send(RawWebSocket.request("Authorization: Bearer " + token.substring(0, 60_000)));
      assertThat(socket.response().head()).contains(" 431 ");
    }
  }

  @Test
  void goodOnesOfEachKeyAre() throws Exception {
    for (String token : goodTokens()) {
      assertThat(post("", "Authorization", "Bearer " + token)).isEqualTo(200);
      try (RawWebSocket socket = RawWebSocket.open(server.port())) {
        assertThat(socket.ask(connect(token))).contains("connected");
      }
    }
  }

  @Test
  void aConnectionEndsWithItsToken() throws Exception {
    // 30 s are given to clocks that differ.
    String token = TokenMaker.withSecret(SECRET, Time.SYSTEM).make(draft(Duration.ofSeconds(-28)));
    long began = System.nanoTime();
    try (RawWebSocket socket = RawWebSocket.open(server.port(), "Authorization: Bearer " + token)) {
      RawWebSocket.Ending ending = socket.end();
      assertThat(ending.code()).isEqualTo(4004);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2 + 5));
      assertThat(ending.texts())
          .singleElement()
          .asString()
          .contains("\"disconnect\",\"code\":4004,", "\"reconnect\":true");
    }
  }

  @Test
  void noTokenAndNoSecretIsInALogOrAMetric() throws Exception {
    server.close();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    root.setLevel(Level.TRACE);
    List<String> secrets = new ArrayList<>(goodTokens());
    try {
      // Nobody is there, which is worth a line.
      start("http://127.0.0.1:1/keys", true);
      secrets.add(SECRET);
      for (String token : goodTokens()) {
        secrets.add(token);
        everyWay(token);
        String broken = token.substring(0, token.length() - 4) + "AAAA";
        secrets.add(broken.substring(broken.lastIndexOf('.')));
        everyWay(broken);
      }
      await().until(() -> !log.list.isEmpty());
      String metrics =
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      assertThat(metrics).contains("roomcast_errors_total").doesNotContain(secrets);
      server.close();
    } finally {
      root.setLevel(before);
      root.detachAppender(log);
    }
    assertThat(log.list)
        .as("the log was listened to")
        .anyMatch(event -> event.getFormattedMessage().contains("token keys"));
    for (ILoggingEvent event : List.copyOf(log.list)) {
      // The JDK's own client, which is the test's, writes what it sends.
      if (!event.getLoggerName().startsWith("jdk.")) {
        String text =
            event.getFormattedMessage()
                + (event.getThrowableProxy() == null
                    ? ""
                    : ThrowableProxyUtil.asString(event.getThrowableProxy()));
        assertThat(text).doesNotContain(secrets);
      }
    }
  }

  private void everyWay(String token) throws Exception {
    post("", "Authorization", "Bearer " + token);
    post("?access_token=" + token);
    try (RawWebSocket socket = RawWebSocket.open(server.port())) {
      socket.ask(connect(token));
      socket.ask(connect(token).replace("connect", "refresh"));
      socket.ask("{\"type\":\"SUBSCRIBE\",\"id\":3,\"room\":\"desk\",\"token\":\"" + token + "\"}");
      socket.ask("{\"type\":\"SUBSCRIBE\",\"id\":3,\"room\":7,\"token\":\"" + token + "\"}");
      socket.ask("{\"token\":\"" + token + "\"");
    }
    for (String header :
        List.of(
            "Authorization: Bearer " + token,
            "Sec-WebSocket-Protocol: roomcast.v1, roomcast.token." + token,
            "Sec-WebSocket-Protocol: roomcast.token." + token)) {
      try (RawWebSocket socket = RawWebSocket.connect(server.port())) {
        socket.send(RawWebSocket.request(header));
        RawWebSocket.Response response = socket.response();
        assertThat(response.head() + response.body()).doesNotContain(token);
      }
    }
  }
}
