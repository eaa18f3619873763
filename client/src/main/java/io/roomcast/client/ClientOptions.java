package io.roomcast.client;

import io.roomcast.protocol.WireLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/**
 * How a client behaves. Immutable.
 *
 * @param name what others see as the sender when the token names no user; at most 128 bytes of
 *     UTF-8, empty for none
 * @param tokens where tokens come from
 * @param queue messages that may be kept until the server has them, 1 to 100,000
 * @param giveUp how long a message is tried for, 100 ms to 4 minutes: within the time that a server
 *     remembers keys by default, so that what is repeated stays one message
 * @param messageBytes the server's limit on a frame, 1,024 bytes or more; what is larger fails at
 *     once, since it would end the connection
 * @param readAhead messages that may wait for listeners and subscribers, 16 to 100,000; beyond it
 *     nothing more is read: see {@link Room#events}
 * @param silence after so long without a sign of the server it is asked for one, and given up after
 *     a third of this time more; 1 s to 10 minutes
 * @param executor runs listeners, subscribers, and what hangs on futures; when empty, daemon
 *     threads of the client's own. One of virtual threads will do; one with a single thread will
 *     not when listeners block
 * @param tls what a server's certificate is judged by; when empty, what the JVM trusts
 */
public record ClientOptions(
    String name,
    TokenSource tokens,
    int queue,
    Duration giveUp,
    int messageBytes,
    int readAhead,
    Duration silence,
    Optional<Executor> executor,
    Optional<SSLContext> tls) {
  /** No name, no token, 1,000 messages kept for a minute, 1,024 read ahead, 25 s of silence. */
  public static final ClientOptions DEFAULT =
      new ClientOptions(
          "",
          TokenSource.NONE,
          1000,
          Duration.ofMinutes(1),
          64 * 1024,
          1024,
          Duration.ofSeconds(25),
          Optional.empty(),
          Optional.empty());

  private static final int MOST = 100_000;

  /** Refuses what is out of its bounds. */
  public ClientOptions {
    if (name.getBytes(StandardCharsets.UTF_8).length > WireLimits.NAME_BYTES) {
      throw new IllegalArgumentException(
          "name must have at most " + WireLimits.NAME_BYTES + " bytes");
    }
    within("queue", queue, 1, MOST, "messages");
    within("giveUp", giveUp.toMillis(), 100, 240_000, "ms");
    within("messageBytes", messageBytes, 1024, 64 << 20, "bytes");
    within("readAhead", readAhead, 16, MOST, "messages");
    within("silence", silence.toMillis(), 1000, 600_000, "ms");
  }

  private static void within(String what, long value, long least, long most, String unit) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + " " + unit + ", not " + value);
    }
  }

  /** With what others see as the sender. */
  public ClientOptions withName(String newName) {
    return new ClientOptions(
        newName, tokens, queue, giveUp, messageBytes, readAhead, silence, executor, tls);
  }

  /** With one token that is always the same. */
  public ClientOptions withToken(String token) {
    return withTokens(() -> CompletableFuture.completedStage(token));
  }

  /** With tokens from a source that may give fresh ones. */
  public ClientOptions withTokens(TokenSource source) {
    return new ClientOptions(
        name, source, queue, giveUp, messageBytes, readAhead, silence, executor, tls);
  }

  /** With so many messages kept, and each tried for so long. */
  public ClientOptions withQueue(int messages, Duration triedFor) {
    return new ClientOptions(
        name, tokens, messages, triedFor, messageBytes, readAhead, silence, executor, tls);
  }

  /** With a server's other limit on a frame, in bytes. */
  public ClientOptions withMessageBytes(int bytes) {
    return new ClientOptions(name, tokens, queue, giveUp, bytes, readAhead, silence, executor, tls);
  }

  /** With so many messages read ahead of listeners and subscribers. */
  public ClientOptions withReadAhead(int messages) {
    return new ClientOptions(
        name, tokens, queue, giveUp, messageBytes, messages, silence, executor, tls);
  }

  /** With another time after which a silent server is asked for a sign. */
  public ClientOptions withSilence(Duration time) {
    return new ClientOptions(
        name, tokens, queue, giveUp, messageBytes, readAhead, time, executor, tls);
  }

  /** With an executor of the application's own, which the client does not shut down. */
  public ClientOptions withExecutor(Executor own) {
    return new ClientOptions(
        name, tokens, queue, giveUp, messageBytes, readAhead, silence, Optional.of(own), tls);
  }

  /** With another judgement of the server's certificate than what the JVM trusts. */
  public ClientOptions withTls(SSLContext context) {
    return new ClientOptions(
        name,
        tokens,
        queue,
        giveUp,
        messageBytes,
        readAhead,
        silence,
        executor,
        Optional.of(context));
  }
}
