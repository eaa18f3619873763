package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.config.WebhookConfig;
import io.roomcast.testing.HookServer;
import io.roomcast.testing.HookServer.Answer;
import io.roomcast.testing.RawWebSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole server with a program of the operator's beside it. */
final class WebhookIT {
  private final HttpClient client = HttpClient.newHttpClient();
  private HookServer program;
  private Roomcast server;

  @BeforeEach
  void start() throws Exception {
    program = new HookServer();
    program.answers(WebhookIT::answer);
    server =
        Roomcast.builder()
            .port(0)
            .loops(1)
            .drain(Duration.ZERO)
            .rules(List.of("asked:* join=webhook send=webhook"))
            .webhook(
                new WebhookConfig(
                    program.url(),
                    "a-webhook-secret-of-32-characters",
                    true,
                    List.of("rooms", "members"),
                    Duration.ofSeconds(5)))
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
    client.shutdownNow();
    program.close();
  }

  /** Knows ann, and lets her into rooms that end with her name; no message may be rude. */
  private static Answer answer(HookServer.Call call) {
    String body = call.body();
    boolean allow =
        body.contains("\"token\":\"anns cookie\"")
            || (body.contains("-ann\"")
                && body.contains("\"user\":\"ann\"")
                && !body.contains("rude"));
    return new Answer(200, "{\"allow\":" + allow + ",\"user\":\"ann\"}");
  }

  @Test
  void aWebSocketIsHeldToWhatTheProgramSays() throws Exception {
    try (RawWebSocket ann = RawWebSocket.open(server.port())) {
      assertThat(ann.ask("{\"type\":\"connect\",\"id\":1,\"token\":\"stolen\"}")).contains("1401");
      assertThat(ann.ask("{\"type\":\"connect\",\"id\":1,\"token\":\"anns cookie\"}"))
          .contains("connected");
      assertThat(ann.ask("{\"type\":\"SUBSCRIBE\",\"id\":2,\"room\":\"asked:of-bob\"}"))
          .contains("\"code\":1403", "operator");
      ann.join("asked:of-ann");
      assertThat(ann.ask("{\"type\":\"sendMessage\",\"room\":\"asked:of-ann\",\"message\":\"hi\"}"))
          .contains("\"message\":\"hi\",\"from\":\"ann\"");
      assertThat(
              ann.ask("{\"type\":\"sendMessage\",\"room\":\"asked:of-ann\",\"message\":\"rude\"}"))
          .contains("\"code\":1403");
    }
    await()
        .until(
            () ->
                program.calls().stream()
                    .anyMatch(call -> call.body().contains("io.roomcast.room.emptied")));
    assertThat(program.calls())
        .anyMatch(
            call ->
                call.body().contains("io.roomcast.member.joined")
                    && call.body().contains("\"user\":\"ann\""));
  }

  private HttpResponse<String> post(String room, String body, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/v1/rooms/" + room + "/messages"))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void soIsHttp() throws Exception {
    assertThat(post("asked:of-ann", "hi", "anns cookie").statusCode()).isEqualTo(200);
    assertThat(post("asked:of-ann", "rude", "anns cookie").statusCode()).isEqualTo(403);
    assertThat(post("asked:of-bob", "hi", "anns cookie").statusCode()).isEqualTo(403);
    assertThat(post("asked:of-ann", "hi", "stolen").statusCode()).isEqualTo(401);
    assertThat(post("asked:of-ann", "hi", "").statusCode()).isEqualTo(401);
    program.answers(500, "");
    HttpResponse<String> undecided = post("asked:of-ann", "hi again", "anns cookie");
    assertThat(undecided.statusCode()).isEqualTo(503);
    assertThat(undecided.headers().firstValue("Retry-After")).hasValue("1");
  }
}
