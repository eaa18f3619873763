package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.embedded.RedisExecProvider;

/**
 * A real redis-server on this machine, on a port of its own, that can be killed, frozen and started
 * again. Keeps nothing on disk. Used by one thread.
 */
public final class RedisProcess implements AutoCloseable {
  private static final long START_MILLIS = 30_000;

  private final int port;
  private final List<String> options;
  private Process process;

  private RedisProcess(int port, List<String> options) {
    this.port = port;
    this.options = options;
    this.process = launch();
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param options of redis-server, such as {@code "--requirepass", "secret"}
   */
  public static RedisProcess start(String... options) {
    return new RedisProcess(freePort(), List.of(options));
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Ends it without any goodbye. */
  public void kill9() {
    process.destroyForcibly();
    await(process);
  }

  /** Starts it again on the same port, after {@link #kill9}. */
  public void restart() {
    process = launch();
  }

  /** Freezes it: its sockets stay open, and nothing is answered. */
  public void stop() {
    signal("-STOP");
  }

  /** Lets it go on after {@link #stop}. */
  public void cont() {
    signal("-CONT");
  }

  /** A client of its own; the caller closes it. */
  public RespClient client() {
    return new RespClient(port);
  }

  /** Runs one command on a connection of its own. */
  public Object call(String... words) {
    try (RespClient client = client()) {
      return client.call(words);
    }
  }

  /** Publishes a text, and tells how many subscribers it reached. */
  public long publish(String channel, String text) {
    try (RespClient client = client()) {
      return client.publish(channel, text.getBytes(UTF_8));
    }
  }

  /** The channels of a pattern that have subscribers, as {@code PUBSUB CHANNELS} has them. */
  public Set<String> channels(String pattern) {
    Set<String> names = new TreeSet<>();
    for (Object name : (List<?>) call("PUBSUB", "CHANNELS", pattern)) {
      names.add((String) name);
    }
    return names;
  }

  /** How many subscribe to a channel. */
  public long subscribers(String channel) {
    return (Long) ((List<?>) call("PUBSUB", "NUMSUB", channel)).get(1);
  }

  /** Cuts all subscribing connections; tells how many there were. */
  public long killSubscribers() {
    return (Long) call("CLIENT", "KILL", "TYPE", "pubsub");
  }

  @Override
  public void close() {
    process.destroyForcibly();
    await(process);
  }

  private Process launch() {
    try {
      File binary = RedisExecProvider.defaultProvider().get();
      List<String> line = new ArrayList<>(List.of(binary.getAbsolutePath()));
      line.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
      line.addAll(List.of("--save", "", "--appendonly", "no"));
      line.addAll(options);
      Process started =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .directory(binary.getParentFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      awaitAnswer(started);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitAnswer(Process started) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (!answers()) {
      if (!started.isAlive() || System.nanoTime() > end) {
        started.destroyForcibly();
        throw new IllegalStateException("redis-server does not answer on port " + port);
      }
      // It needs the processor more than we do.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** Whether something that speaks RESP listens; an error for want of a password counts too. */
  private boolean answers() {
    try (RespClient client = client()) {
      return client.call("PING").equals("PONG");
    } catch (UncheckedIOException e) {
      return false;
    } catch (IllegalStateException e) {
      return e.getMessage() != null && e.getMessage().startsWith("NOAUTH");
    }
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
      await(kill);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(START_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("still running: " + process.info());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
