package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.auth.ApiKeys;
import io.roomcast.room.Scope;
import io.roomcast.testing.JsonTree;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.Schema;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The running server does what the OpenAPI description says, operation by operation. */
@SuppressWarnings("NullAway.Init") // Set before each.
final class OpenApiIT {
  private static final String KEY = ApiKeys.generate();

  private final Schema api = Schema.api("openapi.yaml");
  private final HttpClient http = HttpClient.newHttpClient();
  private Roomcast server;

  @BeforeEach
  void start() throws IOException {
    server =
        Roomcast.builder()
            .port(0)
            .drain(Duration.ZERO)
            .rules(List.of("room1 log=10/1h presence"))
            .apiKeys(List.of(ApiKeys.line("test", Set.of(Scope.values()), KEY)))
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  /** A path with the examples of its parameters. */
  private String example(String path) {
    String filled = path;
    for (String name : List.of("room", "user", "session")) {
      Object value = api.at("components", "parameters", name, "example");
      filled = filled.replace("{" + name + "}", value.toString());
    }
    return filled;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpRequest.BodyPublisher body(Map<String, Object> operation) {
    if (!operation.containsKey("requestBody")) {
      return BodyPublishers.noBody();
    }
    Object content = api.get(api.get(operation, "requestBody"), "content");
    Object json = api.get(content, "application/json");
    Object example = api.get(json, "example");
    assertThat(api.flaws(api.get(json, "schema"), example)).isEmpty();
    return BodyPublishers.ofString(write(example));
  }

  private static String write(Object value) {
    if (value instanceof Map<?, ?> fields) {
      StringBuilder out = new StringBuilder("{");
      fields.forEach(
          (name, one) ->
              out.append(out.length() == 1 ? "" : ",")
                  .append('"')
                  .append(name)
                  .append("\":")
                  .append(write(one)));
      return out.append('}').toString();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(OpenApiIT::write).toList().toString();
    }
    return value instanceof String text ? '"' + text + '"' : value.toString();
  }

  @Test
  void everyOperationAnswersAsDescribed() throws Exception {
    int checked = 0;
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      // So that there is something to tell of.
      client.ask("{\"type\":\"connect\",\"id\":1,\"session\":\"s1\",\"name\":\"ann\"}");
      client.ask("{\"type\":\"SUBSCRIBE\",\"id\":2,\"room\":\"room1\"}");
      for (String path : api.keys("paths")) {
        for (String method : api.keys("paths", path)) {
          if (!method.equals("parameters") && !path.endsWith("/events")) {
            checkOperation(path, method);
            checked++;
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(15);
  }

  private void checkOperation(String path, String method) throws Exception {
    Map<String, Object> operation = api.mapAt("paths", path, method);
    HttpResponse<String> answer =
        http.send(
            request(example(path))
                .header("Authorization", "Bearer " + KEY)
                .method(method.toUpperCase(java.util.Locale.ROOT), body(operation))
                .build(),
            BodyHandlers.ofString());
    String about = method + " " + path + " answered " + answer.statusCode() + " " + answer.body();
    assertThat(answer.statusCode()).as(about).isEqualTo(200);
    checkBody(operation, "200", answer, about);
  }

  private void checkBody(
      Map<String, Object> operation, String status, HttpResponse<String> answer, String about) {
    Object content = api.get(api.get(api.get(operation, "responses"), status), "content");
    String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
    assertThat(Schema.map(content)).as(about).containsKey(type);
    Object value = type.endsWith("json") ? JsonTree.read(answer.body()) : answer.body();
    assertThat(api.flaws(api.get(api.get(content, type), "schema"), value)).as(about).isEmpty();
  }

  @Test
  void whatIsRefusedIsAProblemAsDescribed() throws Exception {
    for (String path : api.keys("paths")) {
      for (String method : api.keys("paths", path)) {
        if (method.equals("parameters")
            || !api.mapAt("paths", path, method).containsKey("responses")
            || !api.mapAt("paths", path, method, "responses").containsKey("default")) {
          continue;
        }
        HttpResponse<String> answer =
            http.send(
                request(example(path))
                    .header("Authorization", "Bearer rck_no")
                    .method(method.toUpperCase(java.util.Locale.ROOT), BodyPublishers.ofString("1"))
                    .build(),
                BodyHandlers.ofString());
        String about = method + " " + path + " answered " + answer.body();
        assertThat(answer.statusCode()).as(about).isEqualTo(401);
        checkBody(api.mapAt("paths", path, method), "default", answer, about);
      }
    }
  }

  @Test
  void bothDescriptionsAreServedAndTheConsoleLinksToThem() throws Exception {
    String page = http.send(request("/").build(), BodyHandlers.ofString()).body();
    for (String name : List.of("openapi.yaml", "asyncapi.yaml")) {
      HttpResponse<String> answer = http.send(request("/" + name).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/yaml");
      assertThat(page).contains("href=\"/" + name + "\"");
    }
  }
}
