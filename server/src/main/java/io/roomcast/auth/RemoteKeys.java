package io.roomcast.auth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.roomcast.room.Time;
import io.roomcast.web.BoundedBody;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys that somebody else publishes (a JSON Web Key Set). Fetched when they are first
 * needed, again when they are {@link #FRESH} old, and when a token names one that is not there; but
 * never more often than every {@link #PAUSE}, whatever tokens name, so that nobody can make this
 * server flood the other. While they cannot be fetched the old ones serve, for {@link #STALE}.
 *
 * <p>Thread-safe; never blocks whoever asks. A key that is not for signatures is passed over.
 */
public final class RemoteKeys implements AutoCloseable {
  /** How old keys may be before they are fetched again, beside their use. */
  static final Duration FRESH = Duration.ofMinutes(5);

  /** Between two fetches at least. */
  static final Duration PAUSE = Duration.ofSeconds(30);

  /** How old keys may be while they cannot be fetched. */
  static final Duration STALE = Duration.ofHours(24);

  /** Bytes of an answer that are taken. */
  static final int MOST_BYTES = 256 * 1024;

  /** Keys of an answer that are taken. */
  static final int MOST_KEYS = 64;

  /** Who may wait for a fetch. */
  static final int MOST_WAITING = 1024;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);

  private final URI uri;
  private final Time time;
  private final HttpClient client;
  private final List<Runnable> waiting = new ArrayList<>();
  private volatile List<TokenKey> keys = List.of();
  private boolean fetching;
  private boolean complained;
  private boolean ever;
  private boolean tried;
  private long fetchedAt;
  private long triedAt;

  /**
   * Makes it; nothing is fetched yet.
   *
   * @param uri {@code https://…}, or {@code http://…} within a network that is trusted
   * @throws IllegalArgumentException when it is neither
   */
  public RemoteKeys(String uri, Time time) {
    this.uri = address(uri);
    this.time = time;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  private static URI address(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme());
      if ((scheme.equals("https") || scheme.equals("http")) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      LOG.trace("not a URI");
    }
    throw new IllegalArgumentException(
        "the address of a key set must be https://host/path, or http:// in a network of one's own");
  }

  /** Fetches them now, so that the first token need not wait for it. */
  public void prefetch() {
    fetchWhenDue();
  }

  /**
   * Looks for keys that a token with this header may be meant for.
   *
   * @param found gets them, perhaps none; within the call, or later on another thread
   * @param missing called instead when no keys could be fetched at all
   */
  void find(JWSHeader header, Consumer<List<TokenKey>> found, Runnable missing) {
    List<TokenKey> known = suitable(header);
    synchronized (this) {
      boolean stale = !ever || age(fetchedAt) >= STALE.toMillis();
      if (!known.isEmpty() && !stale) {
        if (age(fetchedAt) >= FRESH.toMillis()) {
          fetchWhenDue();
        }
      } else {
        fetchWhenDue();
        if (fetching && waiting.size() < MOST_WAITING) {
          waiting.add(() -> answer(header, found, missing));
          return;
        }
      }
    }
    answer(header, found, missing);
  }

  private void answer(JWSHeader header, Consumer<List<TokenKey>> found, Runnable missing) {
    boolean usable;
    synchronized (this) {
      usable = ever && age(fetchedAt) < STALE.toMillis();
    }
    if (usable) {
      found.accept(suitable(header));
    } else {
      missing.run();
    }
  }

  private List<TokenKey> suitable(JWSHeader header) {
    return keys.stream().filter(key -> key.suits(header)).toList();
  }

  private long age(long since) {
    return time.millis() - since;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What comes of it is told to whenComplete.
  private synchronized void fetchWhenDue() {
    if (fetching || (tried && age(triedAt) < PAUSE.toMillis())) {
      return;
    }
    fetching = true;
    tried = true;
    triedAt = time.millis();
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new BoundedBody(MOST_BYTES));
    // The request's own time-out ends with the answer's head.
    CompletableFuture.delayedExecutor(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .execute(() -> answer.cancel(true));
    answer.thenApply(RemoteKeys::read).whenComplete(this::fetched);
  }

  private static List<TokenKey> read(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new IllegalStateException("status " + response.statusCode());
    }
    return parse(response.body());
  }

  /**
   * The keys of a set that can be used.
   *
   * @throws IllegalStateException when it is none, has too many, or none that can be used
   */
  static List<TokenKey> parse(byte[] body) {
    List<TokenKey> usable = new ArrayList<>();
    for (JWK key : set(new String(body, StandardCharsets.UTF_8))) {
      take(key, usable);
    }
    if (usable.isEmpty()) {
      throw new IllegalStateException("no key for signatures in it");
    }
    return List.copyOf(usable);
  }

  private static List<JWK> set(String text) {
    try {
      return JWKSet.parse(text).getKeys();
    } catch (ParseException | RuntimeException e) {
      // The library has no exception of its own for some texts, such as null in place of a key.
      throw new IllegalStateException("not a JSON Web Key Set", e);
    }
  }

  private static void take(JWK key, List<TokenKey> usable) {
    if (usable.size() == MOST_KEYS) {
      throw new IllegalStateException("more than " + MOST_KEYS + " keys");
    }
    try {
      usable.add(TokenKey.of(key, false));
    } catch (IllegalArgumentException e) {
      LOG.debug("a key of the set is passed over: {}", e.getMessage());
    }
  }

  private void fetched(@Nullable List<TokenKey> fetched, @Nullable Throwable error) {
    List<Runnable> told;
    synchronized (this) {
      fetching = false;
      if (fetched != null) {
        keys = fetched;
        ever = true;
        complained = false;
        fetchedAt = time.millis();
      } else if (!complained) {
        complained = true;
        LOG.warn("the token keys at {} cannot be fetched: {}", uri.getHost(), reason(error));
      }
      told = List.copyOf(waiting);
      waiting.clear();
    }
    told.forEach(Runnable::run);
  }

  private static String reason(@Nullable Throwable error) {
    Throwable cause = error != null && error.getCause() != null ? error.getCause() : error;
    return String.valueOf(cause == null ? "" : cause.getMessage());
  }

  /** Fetches no more. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
