package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The product's command line as a process of its own. No wait is longer than 30 s. */
public final class CliProcess implements AutoCloseable {
  private static final int WAIT_SECONDS = 30;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> errors = new CompletableFuture<>();
  private final Queue<String> errorLines = new ConcurrentLinkedQueue<>();

  private CliProcess(Process process) {
    this.process = process;
    read(() -> readLines(process.getInputStream()));
    read(() -> errors.complete(readErrors(process.getErrorStream())));
  }

  private static void read(Runnable reading) {
    Thread thread = new Thread(reading, "cli-output");
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts {@code roomcast} with these arguments, without any setting from the environment. */
  public static CliProcess start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  /** The same with more in the environment. */
  public static CliProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // Whoever runs the tests may ignore hang-ups, and what it starts then would too.
                "env",
                "--default-signal=HUP",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.roomcast.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("ROOMCAST_"));
    builder.environment().putAll(environment);
    return new CliProcess(builder.start());
  }

  private void readLines(InputStream from) {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("(unreadable: " + e.getMessage() + ")");
    }
  }

  private String readErrors(InputStream from) {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, UTF_8))) {
      reader.lines().forEach(errorLines::add);
    } catch (IOException | UncheckedIOException e) {
      errorLines.add("(unreadable: " + e.getMessage() + ")");
    }
    return errorsSoFar();
  }

  /** The next line of standard output. */
  public String line() throws InterruptedException {
    String line = lines.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("no line; running: " + process.isAlive());
    }
    return line;
  }

  /** The next line that begins so, blanks aside; those before it are passed over. */
  public String line(String beginning) throws InterruptedException {
    String line = line().strip();
    while (!line.startsWith(beginning)) {
      line = line().strip();
    }
    return line;
  }

  /** Gives it input, and the end of input. */
  public void input(String text) throws IOException {
    try (var to = process.getOutputStream()) {
      to.write(text.getBytes(UTF_8));
    }
  }

  /** Asks it to end, as a supervisor does (SIGTERM). */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end; gives the exit code. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running");
    }
    return process.exitValue();
  }

  /** Its number in the system. */
  public long pid() {
    return process.pid();
  }

  /** What it has printed to standard error by now. */
  public String errorsSoFar() {
    return String.join("\n", errorLines);
  }

  /** All that it printed to standard error; waits for its end. */
  public String errors() {
    return errors.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
