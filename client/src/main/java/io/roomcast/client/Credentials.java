package io.roomcast.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Fetches tokens, and looks when they expire. Belongs to the loop. */
final class Credentials {
  /** A token is replaced when so much of its time is left, ms, or a fifth if that is less. */
  private static final long BEFORE_END = 60_000;

  private static final long LEAST = 1000;

  private final TokenSource source;
  private final Executor executor;
  private final Loop loop;

  Credentials(TokenSource source, Executor executor, Loop loop) {
    this.source = source;
    this.executor = executor;
    this.loop = loop;
  }

  /** Takes a token, empty where there is none, or why it could not be had. On the loop. */
  interface Taker {
    void done(String token, @Nullable Throwable failure);
  }

  @SuppressWarnings("ReferenceEquality") // The very one that stands for none.
  boolean none() {
    return source == TokenSource.NONE;
  }

  void fetch(Taker taker) {
    if (none()) {
      taker.done("", null);
      return;
    }
    try {
      executor.execute(() -> ask(taker));
    } catch (RejectedExecutionException e) {
      taker.done("", e);
    }
  }

  private void ask(Taker taker) {
    try {
      var unused =
          source
              .token()
              .whenComplete(
                  (token, failure) ->
                      loop.execute(() -> taker.done(token == null ? "" : token, failure)));
    } catch (RuntimeException e) {
      loop.execute(() -> taker.done("", e));
    }
  }

  /**
   * When to replace a token: ms from now; -1 when it does not say.
   *
   * @param now ms since 1970
   */
  static long refreshIn(String token, long now) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return -1;
    }
    try {
      String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      long expires = Incoming.parse(claims).number("exp") * 1000;
      long left = expires - now;
      return expires == 0 ? -1 : Math.max(LEAST, left - Math.min(BEFORE_END, left / 5));
    } catch (IllegalArgumentException | IOException e) {
      return -1;
    }
  }
}
