package io.roomcast.cli;

import io.roomcast.protocol.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of the command line: what comes in is taken one event at a time, by the thread that
 * asks for it. Bounded: at most {@value #WAITING} events are read ahead.
 */
final class Link implements WebSocket.Listener, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int WAITING = 1024;

  private final BlockingQueue<WireEvent> events = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private @Nullable WebSocket socket;
  private int lastId;

  private Link() {}

  static Link open(URI uri) throws LinkException {
    Link link = new Link();
    try {
      link.socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .connectTimeout(PATIENCE)
              .buildAsync(uri, link)
              .join();
      return link;
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
      throw new LinkException("cannot connect to " + uri + detail);
    }
  }

  /**
   * Sends a command and waits for its reply. Events that come before it stay to be taken.
   *
   * @param fields names and values of strings; those with an empty value are left out
   */
  void request(String type, String... fields) throws LinkException {
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      if (!fields[i + 1].isEmpty()) {
        json.append(",\"").append(fields[i]).append("\":");
        Json.quote(fields[i + 1], json);
      }
    }
    requestRaw(type, json.toString());
  }

  /** The same, with the fields as JSON, each with a comma before it. */
  void requestRaw(String type, String fields) throws LinkException {
    String id = Integer.toString(++lastId);
    WebSocket to = socket;
    if (to == null) {
      throw new LinkException("not connected");
    }
    try {
      to.sendText("{\"type\":\"" + type + "\",\"id\":" + id + fields + "}", true).join();
    } catch (CompletionException e) {
      throw new LinkException("the connection was lost");
    }
    awaitReply(id);
  }

  private void awaitReply(String id) throws LinkException {
    java.util.List<WireEvent> early = new java.util.ArrayList<>();
    while (true) {
      WireEvent event = take(PATIENCE);
      if (event.id().equals(id)) {
        events.addAll(early);
        if (event.type().equals("error")) {
          throw new LinkException(event.text());
        }
        return;
      }
      if (event.type().equals(WireEvent.CLOSED)) {
        throw new LinkException(event.text());
      }
      early.add(event);
    }
  }

  /** The next event; {@link WireEvent#CLOSED} is the last. Waits as long as it takes. */
  WireEvent take() throws LinkException {
    return take(Duration.ofDays(3650));
  }

  private WireEvent take(Duration patience) throws LinkException {
    try {
      WireEvent event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw new LinkException("no answer within " + patience.toSeconds() + " s");
      }
      WebSocket from = socket;
      if (from != null && !event.type().equals(WireEvent.CLOSED)) {
        from.request(1);
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LinkException("interrupted");
    }
  }

  @Override
  public void onOpen(WebSocket webSocket) {
    webSocket.request(WAITING);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      events.add(WireEvent.parse(text.toString()));
      text.setLength(0);
    } else {
      webSocket.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    events.add(WireEvent.closed("closed by the server: " + code + " " + reason));
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    events.add(WireEvent.closed("the connection was lost: " + error.getMessage()));
  }

  @Override
  public void close() {
    WebSocket open = socket;
    if (open != null) {
      try {
        open.sendClose(WebSocket.NORMAL_CLOSURE, "").orTimeout(1, TimeUnit.SECONDS).join();
      } catch (CompletionException e) {
        open.abort();
      }
    }
  }
}
