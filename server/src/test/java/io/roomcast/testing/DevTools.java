package io.roomcast.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A link to a browser in the Chrome DevTools Protocol: commands get their answers, events go to
 * listeners. Thread-safe; listeners run on the link's own thread and must not call commands.
 */
final class DevTools implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, CompletableFuture<Map<String, @Nullable Object>>> waiting =
      new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;

  /** Is told of each event. */
  interface Listener {
    /**
     * @param session the tab's session, or empty for the browser itself
     */
    void onEvent(String session, String method, Map<String, @Nullable Object> params);
  }

  DevTools(URI address) {
    this.socket =
        client
            .newWebSocketBuilder()
            .connectTimeout(PATIENCE)
            .buildAsync(address, new Frames())
            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  void listen(Listener listener) {
    listeners.add(listener);
  }

  /**
   * Carries out one command and waits for its answer.
   *
   * @param session the tab's session, or empty for the browser itself
   * @throws IllegalStateException when the browser refuses
   */
  synchronized Map<String, @Nullable Object> call(
      String session, String method, Map<String, ?> params) {
    long id = lastId.incrementAndGet();
    Map<String, Object> command = new LinkedHashMap<>();
    command.put("id", id);
    command.put("method", method);
    command.put("params", params);
    if (!session.isEmpty()) {
      command.put("sessionId", session);
    }
    CompletableFuture<Map<String, @Nullable Object>> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    socket.sendText(JsonTree.write(command), true).join();
    Map<String, @Nullable Object> whole =
        answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (whole.get("error") != null) {
      throw new IllegalStateException(method + ": " + whole.get("error"));
    }
    return object(whole.get("result"));
  }

  private void receive(String text) {
    Map<String, @Nullable Object> whole = object(JsonTree.read(text));
    if (whole.get("id") instanceof Long id) {
      CompletableFuture<Map<String, @Nullable Object>> answer = waiting.remove(id);
      if (answer != null) {
        answer.complete(whole);
      }
      return;
    }
    String session = whole.get("sessionId") instanceof String name ? name : "";
    String method = String.valueOf(whole.get("method"));
    listeners.forEach(listener -> listener.onEvent(session, method, object(whole.get("params"))));
  }

  @SuppressWarnings("unchecked") // JsonTree makes no other maps.
  static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }

  private final class Frames implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        receive(whole);
      }
      from.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      waiting.values().forEach(answer -> answer.completeExceptionally(error));
    }
  }
}
