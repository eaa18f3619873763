package io.roomcast.cli;

import io.roomcast.Roomcast;
import io.roomcast.config.ServerConfig;
import io.roomcast.config.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roomcast serve}: runs a node until it is told to stop. */
@Command(
    name = "serve",
    description = "Run a server.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = SettingFlags.class)
final class ServeCommand implements Callable<Integer> {
  /** For Redis to answer before the start is reported without it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Settings.Sources sources = SettingFlags.sources(spec);
    Settings settings;
    Roomcast server;
    try {
      settings = sources.read();
      ServerConfig config = Roomcast.builder().settings(settings).config();
      if (config.logFormat().equals("json")) {
        JsonLog.use();
      }
      Roomcast.ownProcess(config);
      server = Roomcast.start(config);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                  // Being told to stop, and stopping, is success; a JVM ended by a signal says
                  // otherwise.
                  Runtime.getRuntime().halt(0);
                },
                "shutdown"));
    if (!sources.fileUsed().isEmpty() || server.config().tls().any()) {
      Hangup.handle(new Reload(server, sources, settings));
    }
    awaitBroker(server);
    Greeting.print(server, spec.commandLine().getOut());
    stopped.await();
    return 0;
  }

  private static void awaitBroker(Roomcast server) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!server.health().ready() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** What a person sees when the server has started. */
  private static final class Greeting {
    private Greeting() {}

    static void print(Roomcast server, PrintWriter out) {
      ServerConfig config = server.config();
      String at = name(config.address(), config.host()) + ":" + server.port();
      out.println("Roomcast " + RoomcastCommand.Version.number() + ", node " + config.nodeName());
      String secure = config.tls().any() ? "s" : "";
      out.println("  browser    http" + secure + "://" + at);
      out.println("  websocket  ws" + secure + "://" + at + "/ws");
      if (config.admin().any()) {
        out.println(
            "  admin      http"
                + secure
                + "://"
                + name(config.adminAddress(), config.admin().host())
                + ":"
                + server.adminPort());
      }
      out.println("  broker     " + broker(server));
      out.println("  transport  " + server.transport());
      if (config.tls().any()) {
        out.println("  tls        " + server.tls());
      }
      out.println("  clients    " + clients(config));
      out.println("Stop with Ctrl-C.");
      out.flush();
    }

    /**
     * A name to reach it by; where it listens everywhere, the one that is right on this machine.
     */
    private static String name(InetSocketAddress listening, String host) {
      InetAddress address = listening.getAddress();
      if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
        return "localhost";
      }
      return host.contains(":") ? "[" + host + "]" : host;
    }

    private static String broker(Roomcast server) {
      if (server.config().redis().isEmpty()) {
        return "embedded: this node stands alone (--redis URI joins others)";
      }
      return "redis: " + server.health().detail();
    }

    private static String clients(ServerConfig config) {
      if (!config.tokenless()) {
        return "need a token";
      }
      return config.open()
          ? "need no token (--open): whoever reaches this address is let in"
          : "need no token, from this machine only";
    }
  }
}
