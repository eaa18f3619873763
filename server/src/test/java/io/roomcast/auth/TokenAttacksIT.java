package io.roomcast.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.roomcast.Roomcast;
import io.roomcast.auth.Forger.Attack;
import io.roomcast.auth.TokenMaker.Draft;
import io.roomcast.config.TokenConfig;
import io.roomcast.protocol.Json;
import io.roomcast.room.Grants;
import io.roomcast.room.Time;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
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
    server =
        Roomcast.builder()
            .port(0)
            .loops(1)
            .drain(Duration.ZERO)
            .rules(List.of("desk join=token"))
            .tokens(
                new TokenConfig(
                    SECRET,
                    List.of(rsaFile.toString(), ecFile.toString()),
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
        TokenMaker.withKey(Keys.pem("PRIVATE KEY", ec.getPrivate()), Time.SYSTEM).make(draft));
  }

  private static Draft draft(Duration life) {
    return new Draft("ann", life, Forger.ISSUER, Forger.AUDIENCE, "", Grants.NONE);
  }

  @Test
  void noForgedTokenIsTaken() throws Exception {
    long now = Time.SYSTEM.wallMillis() / 1000;
    List<Attack> attacks = new Forger(SECRET, rsa, now).attacks();
    assertThat(attacks).hasSizeGreaterThanOrEqualTo(60);
    List<String> taken = new ArrayList<>();
    for (List<Attack> some : List.of(attacks.subList(0, 40), attacks.subList(40, attacks.size()))) {
      try (RawWebSocket socket = RawWebSocket.open(server.port())) {
        for (Attack attack : some) {
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
      if (attack.token().length() < 7000 && !attack.token().isBlank()) {
        assertThat(post("", "Authorization", "Bearer " + attack.token()))
            .as(attack.name())
            .isEqualTo(401);
      }
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
    try (RawWebSocket socket = RawWebSocket.open(server.port(), "Authorization: Bearer " + token)) {
      RawWebSocket.Ending ending = socket.end();
      assertThat(ending.code()).isEqualTo(4004);
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
