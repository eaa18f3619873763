package io.roomcast.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node as a process of its own on a port of its own, to be killed, frozen and started again. */
final class ServerNode implements AutoCloseable {
  private static final int ANSWER_MILLIS = 1000;
  private static final Duration START = Duration.ofSeconds(60);

  private final int port = freePort();
  private final List<String> command;
  private final Path log;
  private Process process;

  /**
   * Starts it; it is ready when {@link #awaitReady} says so.
   *
   * @param shell what a shell does before, such as {@code ulimit -n 100}; may be empty
   * @param jvm options of the JVM
   * @param flags of {@code roomcast serve}
   */
  ServerNode(Path log, String shell, List<String> jvm, List<String> flags) {
    this.log = log;
    command = new ArrayList<>(List.of("sh", "-c", shell + "\nexec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.leakDetection.level=disabled",
            "-XX:+UseSerialGC"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.roomcast.Main"));
    command.addAll(List.of("serve", "--port", "" + port));
    if (!flags.contains("--commands-per-second")) {
      command.addAll(List.of("--commands-per-second", "0"));
    }
    command.addAll(flags);
    process = launch();
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("ROOMCAST_"));
    try {
      Process started = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  URI url() {
    return URI.create("ws://127.0.0.1:" + port + "/ws");
  }

  /** What is to be done again and again while a node starts. */
  interface Meanwhile {
    void run() throws IOException;
  }

  /** Waits until it answers that it is ready. */
  void awaitReady() throws InterruptedException {
    try {
      awaitReady(() -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady(Meanwhile meanwhile) throws IOException, InterruptedException {
    long until = System.nanoTime() + START.toNanos();
    while (status("/ready") != 200) {
      meanwhile.run();
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new IllegalStateException("the node on port " + port + " does not start: see " + log);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** The status of a GET; 0 without an answer within a second. */
  int status(String path) {
    try {
      HttpURLConnection connection = connection(path);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The body of a GET, which is tried again for some seconds: no answer is not nothing. */
  String get(String path) {
    long until = System.nanoTime() + START.toNanos();
    while (true) {
      try (var in = connection(path).getInputStream()) {
        return new String(in.readAllBytes(), UTF_8);
      } catch (IOException e) {
        if (System.nanoTime() > until) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private HttpURLConnection connection(String path) throws IOException {
    var connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    connection.setConnectTimeout(ANSWER_MILLIS);
    connection.setReadTimeout(ANSWER_MILLIS);
    return connection;
  }

  /** Resident memory, bytes; 0 when it is gone. */
  long residentBytes() {
    try {
      String text = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
      String line = text.lines().filter(l -> l.startsWith("VmRSS:")).findFirst().orElse("");
      return line.isEmpty() ? 0 : Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    } catch (IOException e) {
      return 0;
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it without any goodbye. */
  void kill9() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end; gives the exit code, -1 when it took longer. */
  int terminate(Duration atMost) throws InterruptedException {
    process.destroy();
    boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    return ended ? process.exitValue() : -1;
  }

  /** The same as {@link #restart()}, for one who has something to see to in that time. */
  void restart(Meanwhile meanwhile) throws IOException, InterruptedException {
    process = launch();
    awaitReady(meanwhile);
  }

  /** Starts it again on the same port. */
  void restart() throws InterruptedException {
    process = launch();
    awaitReady();
  }

  /** Freezes it, or lets it go on. */
  void freeze(boolean frozen) throws InterruptedException {
    try {
      String signal = frozen ? "-STOP" : "-CONT";
      new ProcessBuilder("kill", signal, "" + process.pid()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
