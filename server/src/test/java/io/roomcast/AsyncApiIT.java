package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Json;
import io.roomcast.testing.JsonTree;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.Schema;
import io.roomcast.testing.Transcript;
import io.roomcast.testing.TranscriptPlayer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the AsyncAPI description says of frames holds for those of the running server. */
@SuppressWarnings("NullAway.Init") // Set before each.
final class AsyncApiIT {
  private final Schema api = Schema.api("asyncapi.yaml");
  private final Map<String, Object> commands = payloads("command");
  private final Map<String, Object> events = payloads("event");
  private final Set<String> seen = new HashSet<>();
  private Roomcast server;

  @BeforeEach
  void start() throws IOException {
    server = Roomcast.builder().port(0).drain(Duration.ZERO).rules(Transcript.RULES).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Payload schemas of an operation's messages, by their type on the wire. */
  private Map<String, Object> payloads(String operation) {
    Map<String, Object> payloads = new HashMap<>();
    for (Object message : (List<?>) api.at("operations", operation, "messages")) {
      Object payload = api.get(api.resolve(Objects.requireNonNull(message)), "payload");
      Object type = api.get(api.get(api.get(payload, "properties"), "type"), "const");
      payloads.put(type.toString(), payload);
    }
    return payloads;
  }

  /** Notes a frame of the server, which must be as it is described. */
  private String described(String frame) {
    Map<String, Object> fields = Schema.map(Objects.requireNonNull(JsonTree.read(frame)));
    String type = String.valueOf(fields.get("type"));
    assertThat(events).as(frame).containsKey(type);
    assertThat(api.flaws(Objects.requireNonNull(events.get(type)), fields)).as(frame).isEmpty();
    seen.add(type);
    return frame;
  }

  @Test
  void theExamplesOfCommandsAreTakenAndTheirRepliesAreAsDescribed() throws Exception {
    List<String> said = new ArrayList<>();
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      for (Object message : (List<?>) api.at("operations", "command", "messages")) {
        Object resolved = api.resolve(Objects.requireNonNull(message));
        for (Object one : (List<?>) api.get(resolved, "examples")) {
          Object example = api.get(Objects.requireNonNull(one), "payload");
          String type = api.get(example, "type").toString();
          assertThat(api.flaws(Objects.requireNonNull(commands.get(type)), longs(example)))
              .isEmpty();
          client.say(write(example));
          said.add(type);
          String reply;
          do {
            reply = described(client.hear());
          } while (!reply.contains("\"id\":" + api.get(example, "id")));
          assertThat(reply).doesNotContain("malformed", "invalid_field", "unknown_type");
        }
      }
      disconnect();
      described(client.hear());
    }
    assertThat(said).containsExactlyInAnyOrderElementsOf(commands.keySet());
    // A gap takes a broken broker, presence a room that has it: they have tests of their own.
    Set<String> missing = new HashSet<>(events.keySet());
    missing.removeAll(seen);
    assertThat(missing).containsExactlyInAnyOrder("gap", "joined", "left", "presence");
  }

  private void disconnect() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/v1/sessions/s1/disconnect");
      HttpRequest request =
          HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build();
      assertThat(http.send(request, BodyHandlers.ofString()).body())
          .isEqualTo("{\"sessions\":1,\"failed\":0}");
    }
  }

  @Test
  void everyFrameOfEveryTranscriptIsAsDescribed() {
    int heard = 0;
    for (Transcript transcript : Transcript.all()) {
      if (!transcript.websocket()) {
        List<String> frames = new ArrayList<>();
        TranscriptPlayer.play(transcript, () -> new RecordedWire(frames));
        frames.forEach(this::described);
        heard += frames.size();
      }
    }
    assertThat(heard).isGreaterThan(100);
  }

  /** A client's end of the wire that keeps what it hears. */
  private final class RecordedWire implements TranscriptPlayer.Wire {
    private final RawWebSocket socket;
    private final List<String> frames;

    RecordedWire(List<String> frames) {
      this.frames = frames;
      try {
        socket = RawWebSocket.open(server.port());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void say(String text) {
      try {
        socket.say(text);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void sayBinary(byte[] bytes) {
      throw new AssertionError("only for a transcript over websocket");
    }

    @Override
    public String hear() {
      try {
        String frame = socket.hear();
        frames.add(frame);
        return frame;
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public int closed() {
      try {
        return socket.end().code();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void leave() {
      socket.close();
    }
  }

  /** As JSON has it: whole numbers are long. */
  private static Object longs(Object value) {
    return Objects.requireNonNull(JsonTree.read(write(value)));
  }

  private static String write(Object value) {
    if (value instanceof Map<?, ?> fields) {
      StringBuilder out = new StringBuilder("{");
      fields.forEach(
          (name, one) -> {
            out.append(out.length() == 1 ? "" : ",");
            Json.quote(String.valueOf(name), out);
            out.append(':').append(write(Objects.requireNonNull(one)));
          });
      return out.append('}').toString();
    }
    if (value instanceof String text) {
      StringBuilder out = new StringBuilder();
      Json.quote(text, out);
      return out.toString();
    }
    return value.toString();
  }
}
