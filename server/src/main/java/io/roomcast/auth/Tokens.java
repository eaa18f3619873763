package io.roomcast.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Time;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * JSON Web Tokens. The algorithm is the key's own, whatever a token says; {@code exp} is required,
 * {@code nbf} is kept, and {@code iss} and {@code aud} are when the server has its own.
 * Thread-safe.
 *
 * <p>What a shared secret has signed is checked within the call; for the rest there are threads,
 * and a bound on how many tokens may wait for them.
 */
public final class Tokens implements Authenticator, AutoCloseable {
  /** How far clocks of different machines may be apart. */
  static final Duration SKEW = Duration.ofSeconds(30);

  /** Tokens that may wait for a thread. */
  static final int MOST_WAITING = 1024;

  /** Keys that one token is tried with. */
  private static final int MOST_TRIES = 8;

  private final List<TokenKey> keys;
  private final @Nullable RemoteKeys remote;
  private final Expected expected;
  private final Time time;
  private final Executor threads;
  private final @Nullable ThreadPoolExecutor own;

  /**
   * What is asked of tokens.
   *
   * @param issuer what {@code iss} must be; empty for anything
   * @param audience what {@code aud} must be or have; empty for anything
   * @param inUrl whether a token may be shown in a request's URL
   */
  public record Expected(String issuer, String audience, boolean inUrl) {
    /** Nothing in particular. */
    public static final Expected ANYTHING = new Expected("", "", false);
  }

  /**
   * Checks with one shared secret, for HS256.
   *
   * @param secret at least 32 bytes of UTF-8
   * @throws IllegalArgumentException when the secret is too short
   */
  public Tokens(String secret, Time time) {
    this(secret, List.of(), null, Expected.ANYTHING, time);
  }

  /**
   * Checks with several keys.
   *
   * @param secret a shared secret of at least 32 bytes of UTF-8; or empty
   * @param files texts of files with keys, JSON Web Keys or PEM
   * @param remote keys that are fetched; or null
   * @throws IllegalArgumentException when one cannot be used; the message shows nothing of it
   */
  public Tokens(
      String secret,
      List<String> files,
      @Nullable RemoteKeys remote,
      Expected expected,
      Time time) {
    List<TokenKey> all = new ArrayList<>();
    if (!secret.isEmpty()) {
      all.add(TokenKey.secret(secret.getBytes(StandardCharsets.UTF_8)));
    }
    for (String file : files) {
      KeyText.read(file).forEach(key -> all.add(TokenKey.of(key, true)));
    }
    this.keys = List.copyOf(all);
    this.remote = remote;
    this.expected = expected;
    this.time = time;
    this.own = keys.stream().allMatch(TokenKey::quick) && remote == null ? null : threads();
    this.threads = own == null ? Runnable::run : own;
  }

  private static ThreadPoolExecutor threads() {
    int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> Thread.ofPlatform().daemon().name("roomcast-tokens").unstarted(task));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  @Override
  public boolean open() {
    return false;
  }

  @Override
  public boolean inUrl() {
    return expected.inUrl();
  }

  @Override
  public void check(String token, Consumer<Verdict> verdict) {
    SignedJWT jwt;
    try {
      jwt = parse(token);
    } catch (Refused no) {
      verdict.accept(no);
      return;
    }
    List<TokenKey> suitable = keys.stream().filter(key -> key.suits(jwt.getHeader())).toList();
    if (!suitable.isEmpty() || remote == null) {
      check(jwt, suitable, verdict);
    } else {
      remote.find(
          jwt.getHeader(),
          found -> check(jwt, found, verdict),
          () ->
              verdict.accept(
                  new Refused(
                      ErrorCode.UNAVAILABLE, "the keys for tokens are not there; try again")));
    }
  }

  private void check(SignedJWT jwt, List<TokenKey> suitable, Consumer<Verdict> verdict) {
    if (suitable.stream().allMatch(TokenKey::quick)) {
      verdict.accept(decide(jwt, suitable));
      return;
    }
    try {
      threads.execute(() -> verdict.accept(decide(jwt, suitable)));
    } catch (RejectedExecutionException e) {
      verdict.accept(
          new Refused(ErrorCode.OVERLOADED, "too many tokens wait to be checked; try again"));
    }
  }

  private static SignedJWT parse(String token) throws Refused {
    if (token.isEmpty()) {
      throw new Refused("a token is needed");
    }
    if (token.length() > WireLimits.TOKEN_CHARS) {
      throw new Refused("the token is longer than " + WireLimits.TOKEN_CHARS + " characters");
    }
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWSHeader header = jwt.getHeader();
      if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
        throw new Refused("the token asks for what this server does not know (crit or b64)");
      }
      if (!writtenAsItShould(token, jwt.getParsedParts())) {
        throw new Refused("not a signed JSON Web Token");
      }
      return jwt;
    } catch (ParseException | RuntimeException e) {
      // For some headers the library has no exception of its own, such as null within a jwk.
      throw new Refused("not a signed JSON Web Token");
    }
  }

  /**
   * Whether nothing was passed over in reading it (blanks, padding, bits that are left over): the
   * signature does not cover how it is written itself, and one token is to have one text.
   */
  private static boolean writtenAsItShould(String token, Base64URL[] parts) {
    int chars = parts.length - 1;
    for (Base64URL part : parts) {
      chars += part.toString().length();
      if (!Base64URL.encode(part.decode()).equals(part)) {
        return false;
      }
    }
    return chars == token.length();
  }

  /** Never throws: whoever asked waits for an answer. */
  private Verdict decide(SignedJWT jwt, List<TokenKey> suitable) {
    try {
      for (TokenKey key : suitable.subList(0, Math.min(MOST_TRIES, suitable.size()))) {
        if (jwt.verify(key.verifier())) {
          return Claims.read(jwt.getPayload().toBytes())
              .identity(expected.issuer(), expected.audience(), time.wallMillis(), SKEW.toMillis());
        }
      }
      return new Refused("the token's signature is not valid for this server");
    } catch (Refused no) {
      return no;
    } catch (JOSEException | RuntimeException e) {
      return new Refused("not a signed JSON Web Token");
    }
  }

  /** Ends its threads. */
  @Override
  public void close() {
    if (own != null) {
      own.shutdownNow();
    }
    if (remote != null) {
      remote.close();
    }
  }
}
