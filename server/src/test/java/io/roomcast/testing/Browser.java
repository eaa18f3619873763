package io.roomcast.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A headless Chromium with an empty profile of its own. Closing it ends all its processes and
 * removes the profile.
 *
 * <p>Each {@link #newTab tab} has its own storage, like a private window: two tabs are two people.
 */
public final class Browser implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final List<String> FLAGS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-breakpad",
          "--disable-dev-shm-usage",
          "--hide-scrollbars",
          "--remote-debugging-port=0");

  private final Path profile;
  private final Process process;
  private final Thread lastResort = new Thread(this::kill, "browser-kill");
  private final DevTools devTools;

  private Browser(Path profile, Process process) {
    this.profile = profile;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(lastResort);
    try {
      this.devTools = new DevTools(address());
    } catch (RuntimeException e) {
      kill();
      throw e;
    }
  }

  /**
   * Starts a browser.
   *
   * @throws IllegalStateException when there is none, or it does not come up
   */
  public static Browser start() {
    try {
      Path profile = Files.createTempDirectory("roomcast-browser");
      List<String> command = new ArrayList<>(List.of(executable()));
      command.addAll(FLAGS);
      command.add("--user-data-dir=" + profile);
      command.add("about:blank");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(profile.resolve("output.txt").toFile())
              .start();
      return new Browser(profile, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String executable() {
    String path = System.getenv().getOrDefault("PATH", "");
    return NAMES.stream()
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no browser to test with: none of "
                        + NAMES
                        + " is in PATH; install Debian's package chromium"));
  }

  /** The browser writes down where it listens as soon as it does. */
  private URI address() {
    Path file = profile.resolve("DevToolsActivePort");
    Awaitility.await("browser to start")
        .atMost(START)
        .failFast("the browser ended: see " + profile, () -> !process.isAlive())
        .until(() -> Files.exists(file) && Files.readAllLines(file).size() == 2);
    try {
      List<String> lines = Files.readAllLines(file);
      return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens an empty tab, 1280 by 800 pixels, that shares nothing with the others. */
  public Tab newTab() {
    Object context =
        JsonTree.at(devTools.call("", "Target.createBrowserContext", Map.of()), "browserContextId");
    Map<String, Object> blank =
        Map.of("url", "about:blank", "browserContextId", context, "newWindow", true);
    Object target = JsonTree.at(devTools.call("", "Target.createTarget", blank), "targetId");
    Map<String, Object> attach = Map.of("targetId", target, "flatten", true);
    Object session = JsonTree.at(devTools.call("", "Target.attachToTarget", attach), "sessionId");
    return new Tab(devTools, session.toString(), context.toString());
  }

  @Override
  public void close() {
    devTools.close();
    kill();
    Runtime.getRuntime().removeShutdownHook(lastResort);
  }

  private void kill() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : all) {
      one.onExit().completeOnTimeout(one, 5, TimeUnit.SECONDS).join();
    }
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
