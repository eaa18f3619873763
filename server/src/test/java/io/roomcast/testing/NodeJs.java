package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A script of {@code client-js} in a process of its own. Standard error comes with the output. */
public final class NodeJs implements AutoCloseable {
  private static final Path FOLDER = Path.of("..", "client-js");
  private static final int OLDEST = 20;
  private static final int INSTALL_MINUTES = 5;
  private static boolean ready;

  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Thread reader;
  private final Writer input;

  private NodeJs(List<String> command) {
    try {
      process =
          new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IllegalStateException(
          command.getFirst() + " is missing: install Node.js " + OLDEST + " or newer, with npm", e);
    }
    input = process.outputWriter(UTF_8);
    reader = Thread.ofPlatform().daemon().name("node-output").start(this::read);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts {@code node} with these arguments, in the folder of the client, all it needs there. */
  public static NodeJs start(String... arguments) {
    install();
    return run("node", arguments);
  }

  /** Starts a script of {@code package.json}. */
  public static NodeJs script(String name) {
    install();
    return run("npm", "run", "--silent", name);
  }

  private static NodeJs run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    return new NodeJs(command);
  }

  /** Fetches what the tests need, in the versions of the lock file, unless it is there. */
  private static synchronized void install() {
    if (ready) {
      return;
    }
    try (NodeJs node = run("node", "--version")) {
      int exit = node.exitCode(1);
      String version = String.join("", node.output);
      if (exit != 0 || Integer.parseInt(version.replaceAll("^v|\\..*", "")) < OLDEST) {
        throw new IllegalStateException(
            "Node.js " + OLDEST + " or newer is needed, and this is " + version);
      }
    }
    if (!installed()) {
      try (NodeJs npm = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")) {
        if (npm.exitCode(INSTALL_MINUTES) != 0) {
          throw new IllegalStateException("npm ci failed: " + npm.output);
        }
      }
    }
    ready = true;
  }

  private static boolean installed() {
    Path there = FOLDER.resolve("node_modules/.package-lock.json");
    try {
      return Files.exists(there)
          && Files.getLastModifiedTime(there)
                  .compareTo(Files.getLastModifiedTime(FOLDER.resolve("package-lock.json")))
              >= 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        output.add(line);
        lines.add(line);
      }
    } catch (IOException e) {
      output.add("(unreadable: " + e.getMessage() + ")");
    }
  }

  /** Gives it a line. */
  public void say(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  /** The next line that begins so; those before it are passed over. */
  public String line(String beginning, int seconds) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (true) {
      String line = lines.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError(
            "no line \"" + beginning + "\" within " + seconds + " s: " + output);
      }
      if (line.startsWith(beginning)) {
        return line;
      }
    }
  }

  /** All that it has printed so far. */
  public List<String> output() {
    return List.copyOf(output);
  }

  /** Waits for its end, and for all of its output. */
  public int exitCode(int minutes) {
    try {
      if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
        throw new AssertionError("still running: " + output);
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it, and what it has started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
