package io.roomcast.client;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The WebSocket of {@code java.net.http}. */
final class JdkWire implements Wire, WebSocket.Listener {
  /** A WebSocket that ended without a close frame. */
  static final int LOST = 1006;

  private static final int TOO_BIG = 1009;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final long GOODBYE_SECONDS = 2;

  /** Characters; the server's largest answers are pages of a log, half a MiB by default. */
  private static final int MOST_CHARS = 16 << 20;

  private final Listener listener;
  private final StringBuilder text = new StringBuilder();
  private final AtomicBoolean over = new AtomicBoolean();
  private final WebSocket socket;

  /** Done when the last frame has been given to the socket: it takes one at a time. */
  private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

  private JdkWire(Listener listener, WebSocket socket) {
    this.listener = listener;
    this.socket = socket;
  }

  /** Dials with one HTTP client, whose threads end when nothing uses them any more. */
  static Dialer dialer(Optional<SSLContext> tls) {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
    tls.ifPresent(builder::sslContext);
    HttpClient http = builder.build();
    return (uri, listener) -> {
      Opening opening = new Opening(listener);
      CompletableFuture<WebSocket> made;
      try {
        made = http.newWebSocketBuilder().connectTimeout(CONNECT).buildAsync(uri, opening);
      } catch (IllegalArgumentException e) {
        listener.ended(LOST, "not the URL of a WebSocket: " + uri);
        return;
      }
      var unused =
          made.whenComplete(
              (socket, failure) -> {
                if (failure != null) {
                  listener.ended(LOST, "cannot connect to " + uri + ": " + reason(failure));
                }
              });
    };
  }

  /** In words for a person; the JDK's client often gives none. */
  private static String reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause == null) {
      return failure.toString();
    }
    if (cause instanceof WebSocketHandshakeException refused) {
      return "the server answered with HTTP status " + refused.getResponse().statusCode();
    }
    String message = cause.getMessage();
    if (message == null || message.isEmpty()) {
      return cause instanceof ConnectException
          ? "nothing listens there, or no such host"
          : cause.getClass().getSimpleName();
    }
    return message;
  }

  /** The socket exists from its first call on; the wire is made with it. */
  private static final class Opening implements WebSocket.Listener {
    private final Listener listener;
    private @Nullable JdkWire wire;

    Opening(Listener listener) {
      this.listener = listener;
    }

    private JdkWire wire(WebSocket socket) {
      JdkWire made = wire;
      if (made == null) {
        made = new JdkWire(listener, socket);
        wire = made;
      }
      return made;
    }

    @Override
    public void onOpen(WebSocket socket) {
      listener.opened(wire(socket));
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      return wire(socket).onText(socket, part, last);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
      return wire(socket).onBinary(socket, part, last);
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      return wire(socket).onPing(socket, message);
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      return wire(socket).onPong(socket, message);
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      return wire(socket).onClose(socket, code, reason);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      wire(socket).onError(socket, error);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    if (text.length() + part.length() > MOST_CHARS) {
      from.abort();
      over(TOO_BIG, "an event of the server is larger than " + MOST_CHARS + " characters");
      return null;
    }
    if (last && text.length() == 0) {
      listener.text(part.toString());
      return null;
    }
    text.append(part);
    if (last) {
      String whole = text.toString();
      text.setLength(0);
      listener.text(whole);
    } else {
      from.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
    listener.alive();
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    listener.alive();
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    listener.alive();
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    over(code, code == LOST ? "the connection was lost" : reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    String message = error.getMessage();
    over(LOST, "the connection was lost" + (message == null ? "" : ": " + message));
  }

  private void over(int code, String reason) {
    if (over.compareAndSet(false, true)) {
      listener.ended(code, reason);
    }
  }

  @Override
  public void send(String frame) {
    sent =
        sent.thenCompose(done -> socket.sendText(frame, true))
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    socket.abort();
                    over(LOST, "the connection was lost");
                  }
                });
  }

  @Override
  public void request() {
    socket.request(1);
  }

  @Override
  public void close() {
    var unused =
        sent.thenCompose(done -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""))
            .orTimeout(GOODBYE_SECONDS, TimeUnit.SECONDS)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    socket.abort();
                  } else {
                    // So that the answer is read, and the connection ends; or ends without.
                    socket.request(Integer.MAX_VALUE);
                    CompletableFuture.delayedExecutor(GOODBYE_SECONDS, TimeUnit.SECONDS)
                        .execute(socket::abort);
                  }
                });
  }

  @Override
  public void abort() {
    socket.abort();
  }
}
