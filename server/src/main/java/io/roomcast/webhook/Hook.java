package io.roomcast.webhook;

import io.roomcast.room.Time;
import io.roomcast.web.BoundedBody;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The operator's program at a URL, and the way to it: signed POST requests, without redirects, each
 * within a time. Thread-safe; never blocks.
 *
 * <p>The header {@code Roomcast-Signature} is {@code t=SECONDS,v1=HEX}: the HMAC-SHA256, with the
 * secret, of the seconds, a dot and the body.
 */
final class Hook implements AutoCloseable {
  static final String SIGNATURE = "Roomcast-Signature";

  /** Bytes of an answer that are taken. */
  static final int MOST_BYTES = 16 * 1024;

  private static final String HMAC = "HmacSHA256";

  private final URI uri;
  private final SecretKeySpec secret;
  private final Duration within;
  private final Time time;
  private final HttpClient client;

  Hook(URI uri, String secret, Duration within, Time time) {
    this.uri = uri;
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC);
    this.within = within;
    this.time = time;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(within)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Sends a body. Fails when no answer is there as a whole within the time. */
  CompletableFuture<HttpResponse<byte[]>> post(String type, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(within)
            .header("Content-Type", type)
            .header("User-Agent", "Roomcast")
            .header(SIGNATURE, signature(body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new BoundedBody(MOST_BYTES));
    // The request's own time-out ends with the answer's head.
    CompletableFuture.delayedExecutor(2 * within.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> answer.cancel(true));
    return answer;
  }

  private String signature(byte[] body) {
    long seconds = time.wallMillis() / 1000;
    return "t=" + seconds + ",v1=" + sign(secret, seconds, body);
  }

  static String sign(SecretKeySpec secret, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(secret);
      mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }

  /** For people: without what may be secret in the address. */
  String name() {
    return uri.getHost();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
