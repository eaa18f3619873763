package io.roomcast.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Broker;
import io.roomcast.room.Limits;
import io.roomcast.testing.Verdicts;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes, as a well-behaved client sees them. */
final class HttpFrontIT {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final RecordingBroker broker = new RecordingBroker();
  private HttpTestServer server = new HttpTestServer.Setup().broker(broker).start();

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  private void restart(HttpTestServer.Setup setup) {
    server.close();
    server = setup.broker(broker).start();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri(path));
  }

  private HttpRequest.Builder post(String path, String body) {
    return request(path).POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> publish(String type, byte[] body) throws Exception {
    HttpRequest.Builder request =
        request("/v1/rooms/room1/messages").POST(BodyPublishers.ofByteArray(body));
    return send(type.isEmpty() ? request : request.header("Content-Type", type));
  }

  private static void assertProblem(HttpResponse<String> response, int status, String error) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(response.body())
        .startsWith("{\"type\":\"about:blank\",\"title\":\"")
        .contains("\"status\":" + status + ",")
        .contains(error.isEmpty() ? "" : "\"error\":\"" + error + "\"")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json|{\"a\": [1,  2]}|{\"a\": [1,  2]}",
        "application/json; charset=utf-8|`\"hi\"\n`|\"hi\"",
        "APPLICATION/JSON|null|null",
        "text/plain|{\"a\":1}|\"{\\\"a\\\":1}\"",
        "text/plain; charset=\"UTF-8\"|grüß dich|\"grüß dich\"",
        "application/x-www-form-urlencoded|hi|\"hi\"",
        "application/x-www-form-urlencoded|{\"a\":1}|{\"a\":1}",
        "``|hi there|\"hi there\"",
        "``|17|17",
        "``|{broken|\"{broken\"",
        "text/plain|``|\"\"",
      })
  void aBodyBecomesOneJsonValue(String type, String body, String json) throws Exception {
    HttpResponse<String> response = publish(type, body.getBytes(UTF_8));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"type\":\"sent\",\"room\":\"room1\"}");
    assertThat(broker.last())
        .isEqualTo("{\"type\":\"message\",\"room\":\"room1\",\"message\":" + json + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "1 2", "hi", "{\"a\":1}}"})
  void whatIsCalledJsonMustBe(String body) throws Exception {
    HttpResponse<String> response = publish("application/json", body.getBytes(UTF_8));
    assertProblem(response, 400, "malformed");
    assertThat(response.body()).contains("\"code\":1400").contains("text/plain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "application/json"})
  void textMustBeUtf8(String type) throws Exception {
    assertProblem(publish(type, new byte[] {'"', (byte) 0xc3, '"'}), 400, "malformed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/xml", "text/plain; charset=iso-8859-1", "json"})
  void otherTypesAreRefused(String type) throws Exception {
    assertProblem(publish(type, new byte[] {'1'}), 415, "");
  }

  @Test
  void aMessageMayBeAsLargeAsTheLimit() throws Exception {
    int limit = Limits.DEFAULT.messageBytes();
    assertThat(publish("text/plain", "a".repeat(limit - 2).getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
    assertProblem(publish("text/plain", "a".repeat(limit - 1).getBytes(UTF_8)), 413, "too_large");
    assertProblem(publish("text/plain", "a".repeat(limit + 1).getBytes(UTF_8)), 413, "too_large");
    assertThat(publish("", "a".repeat(9).getBytes(UTF_8)).statusCode()).isEqualTo(200);
  }

  @Test
  void aRoomsNameIsDecoded() throws Exception {
    assertThat(send(post("/v1/rooms/a%2Fb%20%C3%BC+.%22/messages", "1")).body())
        .isEqualTo("{\"type\":\"sent\",\"room\":\"a/b ü+.\\\"\"}");
    assertThat(broker.room()).isEqualTo("a/b ü+.\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%00", "%0A", "%C2%85"})
  void aRoomsNameMustBeOne(String room) throws Exception {
    assertProblem(send(post("/v1/rooms/" + room + "/messages", "1")), 422, "invalid_field");
    assertProblem(send(request("/v1/rooms/" + room + "/events")), 422, "invalid_field");
  }

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE, unavailable", "OVERLOADED, overloaded"})
  void whatTheBrokerDoesNotTakeMayBeTriedAgain(Broker.PublishOutcome outcome, String error)
      throws Exception {
    broker.outcome = outcome;
    HttpResponse<String> response = send(post("/v1/rooms/room1/messages", "1"));
    assertProblem(response, 503, error);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
  }

  @Test
  void aServerThatIsNotOpenWantsAToken() throws Exception {
    restart(new HttpTestServer.Setup().authenticator(ONE_TOKEN));
    for (String path : List.of("/v1/rooms/room1/messages", "/v1/rooms/room1/events")) {
      HttpRequest.Builder request = path.endsWith("messages") ? post(path, "1") : request(path);
      HttpResponse<String> without = send(request);
      assertProblem(without, 401, "unauthorized");
      assertThat(without.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      HttpResponse<String> wrong = send(request.setHeader("Authorization", "Bearer wrong"));
      assertProblem(wrong, 401, "unauthorized");
      assertThat(wrong.body()).contains("not the token");
      assertThat(wrong.headers().firstValue("WWW-Authenticate").orElse("")).contains("invalid");
    }
    HttpRequest.Builder good =
        post("/v1/rooms/room1/messages", "1").header("Authorization", "bearer right");
    assertThat(send(good).statusCode()).isEqualTo(200);
    assertThat(broker.last()).endsWith(",\"from\":\"ann\"}");
    assertThat(send(request("/live")).statusCode()).isEqualTo(200);
  }

  @Test
  void webPagesFromElsewhereAreRefused() throws Exception {
    HttpRequest.Builder request = post("/v1/rooms/room1/messages", "1");
    assertProblem(send(request.setHeader("Origin", "https://evil.example")), 403, "forbidden");
    assertProblem(send(request.setHeader("Origin", "null")), 403, "forbidden");
    assertProblem(
        send(request.setHeader("Origin", "https://listed.example").header("Origin", "null")),
        403,
        "forbidden");
    assertThat(broker.published).isEmpty();
    for (String origin : List.of("http://localhost:3000", "https://listed.example")) {
      assertThat(send(request.setHeader("Origin", origin)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void roomsAreListedAPageAtATime() throws Exception {
    try (RawClient a = read("a/1");
        RawClient b = read("a/2");
        RawClient again = read("a/2");
        RawClient other = read("b")) {
      assertThat(List.of(a, b, again, other)).hasSize(4);
      assertThat(send(request("/v1/rooms")).body())
          .isEqualTo(
              "{\"rooms\":[{\"room\":\"a/1\",\"members\":1,\"messages\":0},{\"room\":\"a/2\",\"members\":2,\"messages\":0},"
                  + "{\"room\":\"b\",\"members\":1,\"messages\":0}],\"node\":\"test\"}");
      assertThat(send(request("/v1/rooms?limit=1&prefix=a%2F")).body())
          .isEqualTo(
              "{\"rooms\":[{\"room\":\"a/1\",\"members\":1,\"messages\":0}],\"node\":\"test\",\"next\":\"a/1\"}");
      assertThat(send(request("/v1/rooms?limit=1&prefix=a/&after=a/1")).body())
          .isEqualTo(
              "{\"rooms\":[{\"room\":\"a/2\",\"members\":2,\"messages\":0}],\"node\":\"test\"}");
      assertThat(send(request("/v1/rooms?prefix=none")).body())
          .isEqualTo("{\"rooms\":[],\"node\":\"test\"}");
    }
  }

  private RawClient read(String room) throws Exception {
    RawClient reader = new RawClient(server.port());
    reader.send(
        "GET /v1/rooms/"
            + room.replace("/", "%2f")
            + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(reader.readHead().status()).isEqualTo(200);
    return reader;
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "x", "99999999999", "%D9%A1"})
  void aPageHasFrom1To1000Rooms(String limit) throws Exception {
    assertProblem(send(request("/v1/rooms?limit=" + limit)), 422, "invalid_field");
  }

  @Test
  void healthIsTold() throws Exception {
    assertThat(send(request("/live")).body()).isEqualTo("{\"status\":\"live\"}");
    assertThat(send(request("/ready")).body())
        .isEqualTo(
            "{\"status\":\"ready\",\"broker\":\"fake\",\"detail\":\"a \\\"fake\\\"\","
                + "\"draining\":false}");
    broker.ready = false;
    HttpResponse<String> response = send(request("/ready"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).startsWith("{\"status\":\"not ready\"");
    broker.ready = true;
    server.node().drain(Duration.ZERO);
    assertThat(send(request("/ready")).body()).endsWith("\"draining\":true}");
    assertThat(send(request("/ready")).statusCode()).isEqualTo(503);
    assertThat(send(request("/live")).statusCode()).isEqualTo(200);
    assertProblem(send(request("/v1/rooms/room1/events")), 503, "unavailable");
  }

  @Test
  void metricsAreText() throws Exception {
    HttpResponse<String> response = send(request("/metrics"));
    assertThat(response.body()).isEqualTo("roomcast_test 1\n");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void thePageIsServedOnceForEachContent() throws Exception {
    HttpResponse<String> page = send(request("/"));
    assertThat(page.body()).isEqualTo(new String(HttpTestServer.INDEX, UTF_8));
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    String etag = page.headers().firstValue("ETag").orElseThrow();
    for (String known : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
      HttpResponse<String> same = send(request("/").header("If-None-Match", known));
      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(same.headers().firstValue("ETag")).hasValue(etag);
    }
    assertThat(send(request("/").header("If-None-Match", "\"x\"")).statusCode()).isEqualTo(200);
    assertThat(send(request("/console/app.js")).headers().firstValue("Content-Type"))
        .hasValue("text/javascript; charset=utf-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/v1/rooms/",
        "/v1/rooms/a",
        "/v1/rooms/a/b/messages",
        "/console/",
        "/console/../index.html",
        "/console/%2e%2e%2fhttp/Page.class",
        "/index.html",
        "//",
      })
  void thereIsNothingElse(String path) throws Exception {
    assertProblem(send(request(path)), 404, "");
  }

  @Test
  void knownPathsSayWhatTheyTake() throws Exception {
    HttpResponse<String> response = send(request("/v1/rooms/a/messages"));
    assertProblem(response, 405, "");
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    assertThat(send(post("/live", "")).headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @Test
  void rulesSayWhoMaySendAndRead() throws Exception {
    restart(
        new HttpTestServer.Setup()
            .authenticator(ONE_TOKEN)
            .rulebook(
                RuleReader.book(
                    List.of(
                        "board join=server send=anyone",
                        "desk join=token send=token",
                        "news join=anyone send=server"))));
    String messages = "/v1/rooms/%s/messages";
    String events = "/v1/rooms/%s/events";
    String good = "Bearer right";
    assertThat(send(post(messages.formatted("board"), "hi")).statusCode()).isEqualTo(200);
    assertProblem(send(post(messages.formatted("desk"), "hi")), 403, "forbidden");
    assertProblem(
        send(post(messages.formatted("desk"), "hi").header("Authorization", good)),
        403,
        "forbidden");
    assertProblem(
        send(post(messages.formatted("news"), "hi").header("Authorization", good)),
        403,
        "forbidden");
    assertProblem(
        send(request(events.formatted("board")).header("Authorization", good)), 403, "forbidden");
    assertProblem(send(post(messages.formatted("other"), "hi")), 401, "unauthorized");
    assertThat(send(request(events.formatted("news")).HEAD()).statusCode()).isEqualTo(200);
  }

  @Test
  void aTokenInTheUrlIsTakenOnlyWhenAllowed() throws Exception {
    restart(new HttpTestServer.Setup().authenticator(ONE_TOKEN));
    HttpResponse<String> refused = send(post("/v1/rooms/a/messages?access_token=right", "hi"));
    assertProblem(refused, 401, "unauthorized");
    assertThat(refused.body()).contains("no token in the URL").doesNotContain("right");
    restart(new HttpTestServer.Setup().authenticator(Verdicts.inUrl(ONE_TOKEN)));
    assertThat(send(post("/v1/rooms/a/messages?access_token=right", "hi")).statusCode())
        .isEqualTo(200);
    assertProblem(send(post("/v1/rooms/a/messages?access_token=wrong", "hi")), 401, "unauthorized");
  }

  @Test
  void whatDecidesLaterIsWaitedForWithoutTheLoop() throws Exception {
    restart(
        new HttpTestServer.Setup()
            .authenticator(Verdicts.later(ONE_TOKEN, task -> Thread.ofVirtual().start(task))));
    assertThat(
            send(post("/v1/rooms/a/messages", "hi").header("Authorization", "Bearer right"))
                .statusCode())
        .isEqualTo(200);
    assertProblem(
        send(post("/v1/rooms/a/messages", "hi").header("Authorization", "Bearer wrong")),
        401,
        "unauthorized");
  }

  /** Takes one token, for one user. */
  private static final Authenticator ONE_TOKEN =
      Verdicts.authenticator(
          token -> {
            if (token.equals("right")) {
              return new Identity("ann", Long.MAX_VALUE);
            }
            throw new Refused("not the token");
          });
}
