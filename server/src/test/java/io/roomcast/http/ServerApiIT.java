package io.roomcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.auth.ApiKeys;
import io.roomcast.config.RuleReader;
import io.roomcast.memory.MemoryBroker;
import io.roomcast.room.Authenticator;
import io.roomcast.room.LogContract;
import io.roomcast.room.Scope;
import io.roomcast.room.Time;
import io.roomcast.testing.Verdicts;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server's own API: who may use it, and what it answers. */
final class ServerApiIT {
  private static final String ALL = ApiKeys.generate();
  private static final String READER = ApiKeys.generate();
  private static final String WRITER = ApiKeys.generate();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final RecordingBroker broker = new RecordingBroker();
  private HttpTestServer server = start(new HttpTestServer.Setup().broker(broker));

  private static HttpTestServer start(HttpTestServer.Setup setup) {
    return setup
        .keyring(
            ApiKeys.of(
                List.of(
                    ApiKeys.line("all", Set.of(Scope.values()), ALL),
                    ApiKeys.line("reader", Set.of(Scope.READ), READER),
                    ApiKeys.line("writer", Set.of(Scope.PUBLISH), WRITER))))
        .start();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  private HttpResponse<String> call(String key, String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "publish POST /v1/messages",
        "read GET /v1/rooms",
        "read GET /v1/cluster",
        "read GET /v1/users/ann/sessions",
        "control POST /v1/users/ann/disconnect",
        "control PUT /v1/users/ann/rooms/r",
        "control DELETE /v1/users/ann/rooms/r",
        "read GET /v1/sessions/s",
        "control POST /v1/sessions/s/disconnect",
        "control PUT /v1/sessions/s/rooms/r",
        "control DELETE /v1/sessions/s/rooms/r",
        "read GET /v1/rules",
        "admin PUT /v1/rules",
        "admin DELETE /v1/rules",
      })
  void eachRouteWantsAKeyWithItsScope(String scope, String method, String path) throws Exception {
    String body =
        switch (method + " " + path) {
          case "POST /v1/messages" -> "{\"rooms\":[\"r\"],\"message\":1}";
          case "PUT /v1/rules" -> "{\"rules\":[]}";
          default -> "";
        };
    HttpResponse<String> none = call("", method, path, body);
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    assertThat(none.body()).contains("scope " + scope);
    HttpResponse<String> unknown = call(ApiKeys.generate(), method, path, body);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.body()).contains("not known").doesNotContain("rck_");
    for (String key : List.of(READER, WRITER)) {
      String has = key.equals(READER) ? "read" : "publish";
      HttpResponse<String> answer = call(key, method, path, body);
      assertThat(answer.statusCode()).isEqualTo(has.equals(scope) ? 200 : 403);
    }
    assertThat(call(ALL, method, path, body).statusCode()).isEqualTo(200);
  }

  @Test
  void aUsersTokenIsNoKey() throws Exception {
    server.close();
    server = start(new HttpTestServer.Setup().broker(broker).authenticator(ANYBODY));
    assertThat(call("ann", "GET", "/v1/rooms", "").statusCode()).isEqualTo(401);
    assertThat(call("ann", "POST", "/v1/rooms/r/messages", "1").statusCode()).isEqualTo(200);
    assertThat(broker.last()).contains("\"from\":\"ann\"");
    assertThat(call(WRITER, "POST", "/v1/rooms/r/messages", "1").statusCode()).isEqualTo(200);
    assertThat(broker.last()).doesNotContain("from");
    assertThat(call(READER, "POST", "/v1/rooms/r/messages", "1").statusCode()).isEqualTo(403);
  }

  @Test
  void manyRoomsGetOneMessage() throws Exception {
    HttpResponse<String> answer =
        call(
            ALL,
            "POST",
            "/v1/messages",
            "{\"rooms\":[\"a\",\"b/\\u00fc\"],\"message\":{\"x\": [1]},\"from\":\"ann\",\"key\":\"k\"}");
    assertThat(answer.body())
        .isEqualTo(
            "{\"sent\":2,\"failed\":0,\"results\":[{\"type\":\"sent\",\"room\":\"a\"},"
                + "{\"type\":\"sent\",\"room\":\"b/ü\"}]}");
    assertThat(broker.last())
        .isEqualTo(
            "{\"type\":\"message\",\"room\":\"b/ü\",\"message\":{\"x\": [1]},\"from\":\"ann\","
                + "\"key\":\"k\"}");
    broker.outcome = io.roomcast.room.Broker.PublishOutcome.UNAVAILABLE;
    assertThat(call(ALL, "POST", "/v1/messages", "{\"rooms\":[\"a\"],\"message\":1}").statusCode())
        .isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|422|rooms must be",
        "[]|400|one JSON object",
        "{|400|one JSON object",
        "{} {}|400|nothing behind",
        "{\"rooms\":[],\"message\":1}|422|1 to 1000",
        "{\"rooms\":\"a\",\"message\":1}|422|array of strings",
        "{\"rooms\":[\"a\",1],\"message\":1}|422|array of strings",
        "{\"rooms\":[\"a\",\"a\"],\"message\":1}|422|twice",
        "{\"rooms\":[\"\"],\"message\":1}|422|must not be empty",
        "{\"rooms\":[\"a\"]}|422|message is missing",
        "{\"rooms\":[\"a\"],\"message\":1,\"message\":2}|422|twice",
        "{\"rooms\":[\"a\"],\"mesage\":1}|422|not known",
        "{\"rooms\":[\"a\"],\"message\":1,\"from\":7}|422|must be a string",
      })
  void whatIsWrongIsNamed(String body, int status, String text) throws Exception {
    HttpResponse<String> answer = call(ALL, "POST", "/v1/messages", body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(text);
    assertThat(broker.published).isEmpty();
  }

  @Test
  void rulesAreGivenAndTakenBack() throws Exception {
    server.close();
    server = start(new HttpTestServer.Setup().rulebook(RuleReader.book(List.of("a:* log=5/1h"))));
    String configured = call(READER, "GET", "/v1/rules", "").body();
    assertThat(configured)
        .isEqualTo(
            "{\"rules\":[\"a:* log=5/1h keys=5m slow=close\"],\"from\":\"configuration\",\"nodes\":"
                + "[{\"node\":\"test\",\"from\":\"configuration\",\"same\":true}],"
                + "\"complete\":true}");
    assertThat(call(ALL, "PUT", "/v1/rules", "{\"rules\":[\"b local\"]}").body())
        .matches(
            "\\{\"rules\":\\[\"b keys=5m slow=close local\"],\"from\":\"api\",\"version\":\\d{13},"
                + "\"nodes\":\\[\\{\"node\":\"test\",\"from\":\"api\",\"version\":\\d{13},\"same\":true}],"
                + "\"complete\":true}");
    assertThat(call(ALL, "GET", "/v1/rooms/a:1/history", "").statusCode()).isEqualTo(404);
    assertThat(call(ALL, "PUT", "/v1/rules", "{\"rules\":[]}").body()).startsWith("{\"rules\":[],");
    assertThat(call(ALL, "DELETE", "/v1/rules", "").body())
        .startsWith("{\"rules\":[\"a:* log=5/1h keys=5m slow=close\"],\"from\":\"configuration\",");
    assertThat(call(ALL, "GET", "/v1/rooms/a:1/history", "").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|422|rules is missing",
        "{\"rule\":[]}|422|not known here; expected rules",
        "{\"rules\":\"a local\"}|422|array of strings",
        "[\"a local\"]|400|one JSON object",
        "{\"rules\":[\"a local\",\"b\"]}|422|rule \\\"b\\\": expected a room's name or pattern, then log=",
        "{\"rules\":[\"\"]}|422|expected a room's name",
        "{\"rules\":[\"a lag=1\"]}|422|rule \\\"a lag=1\\\": unknown word lag; expected log=COUNT/TIME",
        "{\"rules\":[\"a log=1\"]}|422|rule \\\"a log=1\\\": log must be COUNT/TIME",
        "{\"rules\":[\"a slow=resync\"]}|422|needs log=COUNT/TIME",
        "{\"rules\":[\"a local\",\"a local\"]}|422|two rules for \\\"a\\\"",
        "{\"rules\":[\"a*b local\"]}|422|a room's pattern is a name",
        "{\"rules\":[\"a join=user\"]}|422|the rule for \\\"a\\\" says user or token, but there is no key",
        "{\"rules\":[\"a send=webhook\"]}|422|the rule for \\\"a\\\" says webhook, but there is none",
        "{\"rules\":[\"a\\nlocal\"]}|422|without line breaks",
      })
  void whatIsWrongWithRulesIsNamedAndNothingChanges(String body, int status, String text)
      throws Exception {
    call(ALL, "PUT", "/v1/rules", "{\"rules\":[\"before local\"]}");
    HttpResponse<String> answer = call(ALL, "PUT", "/v1/rules", body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(text);
    assertThat(call(ALL, "GET", "/v1/rules", "").body())
        .startsWith("{\"rules\":[\"before keys=5m slow=close local\"],\"from\":\"api\"");
  }

  @Test
  void asManyRulesAsThereMayBeAndNoMore() throws Exception {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      rules.append(i == 0 ? "" : ",").append("\"").append("r".repeat(180)).append(i);
      rules.append(" log=100/5m\"");
    }
    assertThat(call(ALL, "PUT", "/v1/rules", "{\"rules\":[" + rules + "]}").statusCode())
        .isEqualTo(200);
    HttpResponse<String> more =
        call(ALL, "PUT", "/v1/rules", "{\"rules\":[" + rules + ",\"one local\"]}");
    assertThat(more.statusCode()).isEqualTo(422);
    assertThat(more.body()).contains("at most 1000 rules");
    String tooLong = "{\"rules\":[\"" + "r".repeat(300_000) + " local\"]}";
    assertThat(call(ALL, "PUT", "/v1/rules", tooLong).statusCode()).isEqualTo(413);
  }

  @Test
  void aThousandLongNamesFit() throws Exception {
    StringBuilder rooms = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      rooms
          .append(i == 0 ? "" : ",")
          .append('"')
          .append("r".repeat(196))
          .append(1000 + i)
          .append('"');
    }
    String body = "{\"rooms\":[" + rooms + "],\"message\":\"" + "m".repeat(60_000) + "\"}";
    assertThat(call(ALL, "POST", "/v1/messages", body).body()).startsWith("{\"sent\":1000,");
    String more = "{\"rooms\":[\"a\"],\"message\":\"" + "m".repeat(70_000) + "\"}";
    assertThat(call(ALL, "POST", "/v1/messages", more).statusCode()).isEqualTo(413);
    assertThat(call(ALL, "POST", "/v1/rooms/r/messages", "m".repeat(70_000)).statusCode())
        .isEqualTo(413);
  }

  @Test
  void aLogIsReadAPageAtATime() throws Exception {
    server.close();
    server =
        start(
            new HttpTestServer.Setup()
                .broker(new MemoryBroker(LogContract.RULES, Time.SYSTEM))
                .rulebook(LogContract.RULES));
    String room = "/v1/rooms/log:one/";
    for (int i = 1; i <= 3; i++) {
      call(ALL, "POST", room + "messages", "" + i);
    }
    String newest = call(ALL, "GET", room + "history?limit=2", "").body();
    assertThat(newest)
        .startsWith("{\"type\":\"history\",\"room\":")
        .contains("\"offset\":3,\"more\":true", "\"message\":2,", "\"message\":3,")
        .doesNotContain("\"message\":1,");
    String epoch = newest.replaceAll(".*\"epoch\":\"([^\"]+)\".*", "$1");
    assertThat(call(ALL, "GET", room + "history?since=" + epoch + ":1&limit=1", "").body())
        .contains("\"more\":true", "\"message\":2,")
        .doesNotContain("\"message\":3,");
    assertThat(call(ALL, "GET", room + "history?before=2", "").body())
        .contains("\"more\":false", "\"message\":1,");
    assertThat(call(ALL, "GET", room + "history?since=other:1", "").body())
        .contains("\"recovered\":false");
    assertThat(call(ALL, "GET", "/v1/rooms/none/history", "").statusCode()).isEqualTo(404);
    for (String wrong :
        List.of("limit=0", "limit=1001", "before=x", "since=x", "since=a:1&before=2")) {
      assertThat(call(ALL, "GET", room + "history?" + wrong, "").statusCode()).isEqualTo(422);
    }
  }

  @Test
  void aTraceIsPassedOn() throws Exception {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for (String given : List.of(trace, "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01", "x")) {
      HttpRequest request =
          HttpRequest.newBuilder(server.uri("/v1/rooms/r/messages"))
              .header("Authorization", "Bearer " + ALL)
              .header("traceparent", given)
              .POST(BodyPublishers.ofString("1"))
              .build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      String more = given.equals(trace) ? ",\"traceparent\":\"" + trace + "\"}" : "}";
      assertThat(broker.last())
          .isEqualTo("{\"type\":\"message\",\"room\":\"r\",\"message\":1" + more);
    }
  }

  /** Takes any token for the name of its user. */
  private static final Authenticator ANYBODY =
      Verdicts.authenticator(token -> new Authenticator.Identity(token, Long.MAX_VALUE));
}
