package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.Transcript;
import io.roomcast.testing.TranscriptPlayer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every conversation, with the running server, by the WebSocket client of the JDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set before all.
final class ConformanceIT {
  private static final long WAIT_SECONDS = 30;

  private Roomcast server;
  private HttpClient http;

  @BeforeAll
  void start() throws IOException {
    server = Roomcast.builder().port(0).drain(Duration.ZERO).rules(Transcript.RULES).start();
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  void stop() {
    server.close();
    http.shutdownNow();
  }

  @TestFactory
  Stream<DynamicTest> theServerKeepsToEveryTranscript() {
    return Transcript.all().stream()
        .map(
            transcript ->
                DynamicTest.dynamicTest(
                    transcript.name(), () -> TranscriptPlayer.play(transcript, this::connect)));
  }

  private RealWire connect() {
    RealWire wire = new RealWire();
    wire.socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/ws"), wire)
            .join();
    return wire;
  }

  /** A client's end of a WebSocket. */
  private static final class RealWire implements TranscriptPlayer.Wire, WebSocket.Listener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private WebSocket socket;

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        heard.add(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }

    @Override
    public void say(String text) {
      socket.sendText(text, true).orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void sayBinary(byte[] bytes) {
      socket
          .sendBinary(ByteBuffer.wrap(bytes), true)
          .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
          .join();
    }

    @Override
    public String hear() {
      try {
        String next = heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("nothing was heard for " + WAIT_SECONDS + " s");
        }
        return next;
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }

    @Override
    public int closed() {
      int code = closed.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
      assertThat(heard).as("unread before the close").isEmpty();
      return code;
    }

    @Override
    public void leave() {
      socket.abort();
    }
  }
}
