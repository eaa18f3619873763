package io.roomcast.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.CliProcess;
import io.roomcast.testing.RedisProcess;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where one page is worked through: a directory, the servers that the page has started so far, and
 * a Redis where it names one. The ports that a page writes stand for free ones.
 */
final class Workshop implements AutoCloseable {
  private static final int WAIT_SECONDS = 60;
  private static final Pattern HERE = Pattern.compile("\\b(localhost|127\\.0\\.0\\.1):(\\d{2,5})");
  private static final Pattern FLAG_PORT = Pattern.compile("--port (\\d+)");
  private static final int REDIS = 6379;
  private static final int FIRST = 8080;

  private final Path directory;
  private final Map<Integer, CliProcess> servers = new HashMap<>();
  private final Map<Integer, Integer> ports = new HashMap<>();
  private final List<Process> proxies = new ArrayList<>();
  private @Nullable RedisProcess redis;

  Workshop() throws IOException {
    directory = Files.createTempDirectory("roomcast-page");
    Path tool = directory.resolve("roomcast");
    Files.writeString(
        tool,
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED"
                .formatted(java())
            + " --sun-misc-unsafe-memory-access=allow -cp '%s' io.roomcast.Main \"$@\"\n"
                .formatted(System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  Path directory() {
    return directory;
  }

  /** Runs what the page runs, with its flags, on a free port, in place of one before it. */
  void serve(String commands) throws IOException, InterruptedException {
    for (String line : commands.replace("\\\n", " ").lines().toList()) {
      List<String> words = new ArrayList<>(words(line));
      Map<String, String> environment = new HashMap<>();
      while (words.get(0).contains("=")) {
        String[] variable = words.remove(0).split("=", 2);
        environment.put(variable[0], variable[1]);
      }
      assertThat(words.subList(0, 2)).as(line).isEqualTo(List.of("roomcast", "serve"));
      Matcher matcher = FLAG_PORT.matcher(line);
      int written = matcher.find() ? Integer.parseInt(matcher.group(1)) : FIRST;
      CliProcess before = servers.remove(written);
      if (before != null) {
        before.close();
      }
      words.remove(0);
      int at = words.indexOf("--port");
      if (at >= 0) {
        words.subList(at, at + 2).clear();
      }
      words.addAll(List.of("--port", "0"));
      int admin = words.indexOf("--admin-port") + 1;
      if (admin > 0) {
        words.set(admin, Integer.toString(listen(Integer.parseInt(words.get(admin)))));
      }
      CliProcess server = CliProcess.start(environment, words.toArray(String[]::new));
      servers.put(written, server);
      ports.put(
          written, Integer.parseInt(server.line("websocket").replaceAll(".*:(\\d+)/ws", "$1")));
    }
  }

  /** A shell's words of one line, with this machine's ports. */
  private List<String> words(String line) throws IOException, InterruptedException {
    return run("for word in " + line + "; do printf '%s\\n' \"$word\"; done").lines().toList();
  }

  int port() {
    return port(FIRST);
  }

  /** The port that stands for this one; a Redis is started when it is the first use of its. */
  int port(int written) {
    if (written == REDIS && redis == null) {
      redis = RedisProcess.start();
      ports.put(REDIS, redis.port());
    }
    Integer port = ports.get(written);
    assertThat(port).as("the page has started something on port %d", written).isNotNull();
    return port == null ? 0 : port;
  }

  /** A free port that the page's port stands for from now on. */
  int listen(int written) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ports.put(written, free.getLocalPort());
      return free.getLocalPort();
    }
  }

  /** With this machine's ports for the page's. */
  String here(String text) {
    return HERE.matcher(text).replaceAll(m -> "127.0.0.1:" + port(Integer.parseInt(m.group(2))));
  }

  /** Runs a page's script as {@code bash} does, and gives its output; it must end well. */
  String run(String script) throws IOException, InterruptedException {
    return execute(here(script));
  }

  /** The same with the ports as they stand. */
  String execute(String script) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("ROOMCAST_"));
    environment.merge(
        "PATH", directory.toString(), (path, mine) -> mine + File.pathSeparator + path);
    Path output = Files.createTempFile(directory, "output", ".txt");
    Process process = builder.redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    String text = Files.readString(output);
    assertThat(ended).as("%s\nended within %d s:\n%s", script, WAIT_SECONDS, text).isTrue();
    assertThat(process.exitValue()).as("%s\n%s", script, text).isZero();
    return text;
  }

  /** Starts what stays, such as a proxy; it listens on this port before this returns. */
  void start(int port, String... command) throws IOException, InterruptedException {
    Path log = directory.resolve(command[0] + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    proxies.add(process);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (true) {
      try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        assertThat(process.isAlive() && System.nanoTime() < end)
            .as(() -> Arrays.toString(command) + ": " + read(log))
            .isTrue();
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException {
    proxies.forEach(Process::destroy);
    servers.values().forEach(CliProcess::close);
    if (redis != null) {
      redis.close();
    }
    for (Process proxy : proxies) {
      proxy.onExit().orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    }
    List<Path> files;
    try (var tree = Files.walk(directory)) {
      files = tree.collect(Collectors.toList());
    }
    for (Path file : files.reversed()) {
      Files.deleteIfExists(file);
    }
  }
}
