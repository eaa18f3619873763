package io.roomcast.cli;

import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of the command line: what comes in is taken one event at a time, by the thread that
 * asks for it. Bounded: at most {@value #WAITING} events are read ahead, and {@value #EARLY} more
 * wait while a reply is due.
 */
final class Link implements WebSocket.Listener, AutoCloseable {
  /** What stands for an end without a close frame. */
  private static final int LOST = 1006;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int WAITING = 1024;
  private static final int EARLY = 16 * 1024;

  /** A second gives back many more commands than one, and one error. */
  private static final Duration PAUSE = Duration.ofMillis(1100);

  private static final int TRIES = 10;
  private static final String RATE_LIMITED = Integer.toString(ErrorCode.RATE_LIMITED.code());

  private final BlockingQueue<WireEvent> events = new LinkedBlockingQueue<>();

  /** Events that came before a reply and are still to be taken, before all others. */
  private final ArrayDeque<WireEvent> early = new ArrayDeque<>();

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
      throw new LinkException("cannot connect to " + uri + ": " + reason(e));
    }
  }

  /** In words for a person; the JDK's client often gives none. */
  private static String reason(CompletionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String message = cause.getMessage();
    return switch (cause) {
      case WebSocketHandshakeException refused ->
          "the server answered with HTTP status " + refused.getResponse().statusCode();
      case ConnectException none when message == null -> "nothing listens there, or no such host";
      default -> message == null ? cause.getClass().getSimpleName() : message;
    };
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

  /**
   * The same, with the fields as JSON, each with a comma before it. Slows down when the server asks
   * for it.
   */
  void requestRaw(String type, String fields) throws LinkException {
    WireEvent reply = ask(type, fields);
    for (int i = 1; i < TRIES && reply.code().equals(RATE_LIMITED); i++) {
      pause();
      reply = ask(type, fields);
    }
    if (reply.type().equals("error")) {
      throw new LinkException(reply.text());
    }
  }

  private WireEvent ask(String type, String fields) throws LinkException {
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
    return awaitReply(id);
  }

  private WireEvent awaitReply(String id) throws LinkException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (early.size() < EARLY) {
      WireEvent event = poll(Duration.ofNanos(until - System.nanoTime()));
      if (event.id().equals(id)) {
        return event;
      }
      if (event.type().equals(WireEvent.CLOSED)) {
        throw new LinkException(event.text());
      }
      early.add(event);
    }
    throw new LinkException("no answer among " + EARLY + " messages");
  }

  private static void pause() throws LinkException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LinkException("interrupted");
    }
  }

  /** The next event; {@link WireEvent#CLOSED} is the last. Waits as long as it takes. */
  WireEvent take() throws LinkException {
    WireEvent first = early.poll();
    return first == null ? poll(Duration.ofDays(3650)) : first;
  }

  private WireEvent poll(Duration patience) throws LinkException {
    try {
      WireEvent event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw new LinkException("no answer within " + PATIENCE.toSeconds() + " s");
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
    String how = "closed by the server: " + code + " " + reason;
    events.add(WireEvent.closed(code == LOST ? "the connection was lost" : how));
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
