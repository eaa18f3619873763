package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.auth.ApiKeys;
import io.roomcast.auth.TokenMaker;
import io.roomcast.config.AdminConfig;
import io.roomcast.room.Scope;
import io.roomcast.room.Time;
import io.roomcast.testing.Certificates;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators need is on their own port alone, and what clients need on the other. */
final class AdminPortIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String KEY = ApiKeys.generate();
  private static final String TOKEN =
      TokenMaker.withSecret(SECRET, Time.SYSTEM)
          .make(new TokenMaker.Draft("ann", Duration.ofHours(1)));

  private final HttpClient http = HttpClient.newHttpClient();
  private Roomcast server;

  @BeforeEach
  void start() throws IOException {
    server = builder().adminPort(0).start();
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
  }

  private static RoomcastBuilder builder() {
    return Roomcast.builder()
        .port(0)
        .loops(1)
        .drain(Duration.ZERO)
        .tokenSecret(SECRET)
        .allowedOrigins(List.of("https://chat.example"))
        .apiKeys(List.of(ApiKeys.line("ops", Set.of(Scope.values()), KEY)));
  }

  private HttpResponse<String> ask(int port, String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("1"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private int status(int port, String method, String path, String credential)
      throws IOException, InterruptedException {
    return credential.isEmpty()
        ? ask(port, method, path).statusCode()
        : ask(port, method, path, "Authorization", "Bearer " + credential).statusCode();
  }

  @Test
  void thereAreTwoPorts() {
    assertThat(server.adminPort()).isNotEqualTo(server.port());
    try (Roomcast one = builder().start()) {
      assertThat(one.adminPort()).isEqualTo(one.port());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Public without and with a key; admin with a key, where a body of 1 is not what some expect. */
  @ParameterizedTest
  @CsvSource({
    "GET, /metrics, 404, 404, 200",
    "GET, /console/operator.html, 404, 404, 200",
    "GET, /console/operator.js, 404, 404, 200",
    "GET, /console/operator-api.js, 404, 404, 200",
    "GET, /v1/cluster, 404, 404, 200",
    "GET, /v1/rooms, 404, 404, 200",
    "GET, /v1/users/ann/sessions, 404, 404, 200",
    "POST, /v1/users/ann/disconnect, 404, 404, 400",
    "POST, /v1/revocations, 404, 404, 400",
    "POST, /v1/messages, 404, 404, 400",
    "POST, /v1/rooms/a/messages, 401, 401, 200",
    "GET, /v1/rooms/a/history, 401, 401, 404",
    "GET, /live, 200, 200, 200",
    "GET, /ready, 200, 200, 200",
    "GET, /, 200, 200, 200",
    "GET, /roomcast.js, 200, 200, 200",
    "GET, /console/style.css, 200, 200, 200",
    "GET, /openapi.yaml, 200, 200, 200",
    "GET, /asyncapi.yaml, 200, 200, 200",
  })
  void eachPortHasItsRoutes(String method, String path, int open, int key, int admin)
      throws Exception {
    assertThat(status(server.port(), method, path, "")).isEqualTo(open);
    assertThat(status(server.port(), method, path, KEY)).isEqualTo(key);
    assertThat(status(server.adminPort(), method, path, KEY)).isEqualTo(admin);
  }

  @Test
  void tokensAreForThePublicPortAndKeysForTheOther() throws Exception {
    String messages = "/v1/rooms/a/messages";
    assertThat(status(server.port(), "POST", messages, TOKEN)).isEqualTo(200);
    assertThat(status(server.adminPort(), "POST", messages, TOKEN)).isEqualTo(401);
    assertThat(status(server.adminPort(), "POST", messages, "")).isEqualTo(401);
    assertThat(status(server.adminPort(), "GET", "/v1/cluster", TOKEN)).isEqualTo(401);
    assertThat(status(server.adminPort(), "GET", "/v1/cluster", "")).isEqualTo(401);
    assertThat(ask(server.port(), "POST", messages, "Authorization", "Bearer " + KEY).body())
        .contains("API keys are taken on the admin port alone")
        .doesNotContain(KEY);
  }

  @Test
  void webSocketsAreOnThePublicPortAlone() throws Exception {
    RawWebSocket.open(server.port(), "Authorization: Bearer " + TOKEN).close();
    try (RawWebSocket client = RawWebSocket.connect(server.adminPort())) {
      client.send(RawWebSocket.request("Authorization: Bearer " + TOKEN));
      assertThat(client.response().status()).isEqualTo(404);
    }
  }

  @Test
  void thePublicPortTellsNothingOfTheInside() throws Exception {
    assertThat(ask(server.port(), "GET", "/ready").body()).isEqualTo("{\"status\":\"ready\"}");
    assertThat(ask(server.adminPort(), "GET", "/ready").body())
        .contains("\"status\":\"ready\"", "\"broker\":", "\"detail\":", "\"draining\":false");
    assertThat(ask(server.port(), "GET", "/").body())
        .contains("<html")
        .doesNotContain("operator.html");
  }

  @Test
  void theOperatorsPageIsWhereItsDataIs() throws Exception {
    HttpResponse<String> page = ask(server.adminPort(), "GET", "/");
    assertThat(page.body())
        .contains("Operate", "/console/operator.js")
        .doesNotContain("aria-current", ">Talk<");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
    for (String script : List.of("operator.js", "dom.js", "tail-view.js", "chart.js")) {
      assertThat(ask(server.adminPort(), "GET", "/console/" + script).statusCode()).isEqualTo(200);
    }
  }

  /** Pages that may connect as clients are no operators; and nobody is let read across origins. */
  @ParameterizedTest
  @ValueSource(strings = {"https://chat.example", "https://evil.example", "null"})
  void noOtherPageReachesTheAdminPort(String origin) throws Exception {
    for (String path : List.of("/metrics", "/v1/cluster", "/live", "/")) {
      HttpResponse<String> response =
          ask(server.adminPort(), "GET", path, "Origin", origin, "Authorization", "Bearer " + KEY);
      assertThat(response.statusCode()).as(path).isEqualTo(403);
      assertThat(response.headers().map().keySet())
          .noneMatch(name -> name.startsWith("access-control"));
    }
    assertThat(
            ask(
                    server.adminPort(),
                    "OPTIONS",
                    "/v1/cluster",
                    "Origin",
                    origin,
                    "Access-Control-Request-Method",
                    "GET")
                .statusCode())
        .isEqualTo(403);
    String own = "http://127.0.0.1:" + server.adminPort();
    assertThat(ask(server.adminPort(), "GET", "/metrics", "Origin", own).statusCode())
        .isEqualTo(200);
    int expected = origin.equals("https://chat.example") ? 200 : 403;
    assertThat(ask(server.port(), "GET", "/live", "Origin", origin).statusCode())
        .isEqualTo(expected);
  }

  /** A server that asks its own machine for nothing does so only where its own machine asks. */
  @Test
  void withoutKeysOnlyLoopbackIsOpen() throws Exception {
    RoomcastBuilder open = Roomcast.builder().port(0).loops(1).drain(Duration.ZERO);
    try (Roomcast local = open.adminPort(0).start()) {
      assertThat(status(local.adminPort(), "GET", "/v1/cluster", "")).isEqualTo(200);
      assertThat(status(local.adminPort(), "POST", "/v1/rooms/a/messages", "")).isEqualTo(200);
    }
    try (Roomcast wide = open.admin(new AdminConfig("0.0.0.0", 0)).start()) {
      assertThat(status(wide.adminPort(), "GET", "/v1/cluster", "")).isEqualTo(401);
      assertThat(status(wide.adminPort(), "GET", "/live", "")).isEqualTo(200);
    }
  }

  @Test
  void itSpeaksTlsWhenTheOtherDoes(@TempDir Path directory) throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    var files = own.writeTo(directory);
    try (Roomcast secure = builder().adminPort(0).tls(files.certificate(), files.key()).start();
        HttpClient client = HttpClient.newBuilder().sslContext(own.client()).build()) {
      URI uri = URI.create("https://localhost:" + secure.adminPort() + "/metrics");
      assertThat(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body())
          .contains("roomcast_tls_certificate_expiry_timestamp_seconds");
      assertThatThrownBy(() -> ask(secure.adminPort(), "GET", "/live"))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAddressThatCannotBeHadIsSaid() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      RoomcastBuilder builder = builder().adminPort(taken.getLocalPort());
      assertThatThrownBy(builder::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
    assertThatThrownBy(() -> builder().port(9000).adminPort(9000).config())
        .hasMessage("admin-port must be another one than port");
    assertThatThrownBy(() -> builder().admin(new AdminConfig("", 1)).config())
        .hasMessage("admin-host must not be empty");
    assertThatThrownBy(() -> builder().admin(new AdminConfig("no.invalid", 1)).start())
        .hasMessage("unknown host: no.invalid");
  }
}
