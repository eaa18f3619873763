package io.roomcast.cli;

import io.roomcast.Roomcast;
import io.roomcast.config.ServerConfig;
import io.roomcast.room.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roomcast serve}: runs a node until it is told to stop. */
@Command(
    name = "serve",
    description = "Run a server.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  /** For Redis to answer before the start is reported without it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "${env:ROOMCAST_HOST:-127.0.0.1}",
      description = "Address to listen on (ROOMCAST_HOST).")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:ROOMCAST_PORT:-8080}",
      description = "Port to listen on; 0 for any that is free (ROOMCAST_PORT).")
  private int port;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      defaultValue = "${env:ROOMCAST_REDIS:-}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description =
          "Join other nodes through this Redis, such as redis://127.0.0.1:6379; without it the"
              + " node stands alone (ROOMCAST_REDIS).")
  private String redis = "";

  @Option(
      names = "--redis-prefix",
      paramLabel = "TEXT",
      defaultValue = "${env:ROOMCAST_REDIS_PREFIX:-room:}",
      description = "What stands before a room's name in Redis (ROOMCAST_REDIS_PREFIX).")
  private String redisPrefix = "";

  @Option(
      names = "--redis-connections",
      paramLabel = "N",
      defaultValue = "${env:ROOMCAST_REDIS_CONNECTIONS:-0}",
      description =
          "Connections that subscribe at Redis, 1 to 16; 0 for one for two processors, up to four"
              + " (ROOMCAST_REDIS_CONNECTIONS).")
  private int redisConnections;

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      defaultValue = "${env:ROOMCAST_NODE_NAME:-}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description =
          "Name of this node; default: the machine's and a random part (ROOMCAST_NODE_NAME).")
  private String nodeName = "";

  @Option(
      names = "--open",
      defaultValue = "${env:ROOMCAST_OPEN:-false}",
      description = "Ask nobody for a token, also beyond this machine (ROOMCAST_OPEN).")
  private boolean open;

  @Option(
      names = "--token-secret",
      paramLabel = "SECRET",
      defaultValue = "${env:ROOMCAST_TOKEN_SECRET:-}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description =
          "Let in only those with a token signed by this secret of 32 characters or more; better"
              + " given as ROOMCAST_TOKEN_SECRET, since others can see a command line.")
  private String tokenSecret = "";

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      split = ",",
      defaultValue = "${env:ROOMCAST_ALLOW_ORIGIN:-}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description =
          "Web pages of this origin may connect, such as https://chat.example, beside the server's"
              + " own; may be repeated (ROOMCAST_ALLOW_ORIGIN, with commas).")
  private List<String> allowOrigin = List.of();

  @Option(
      names = "--commands-per-second",
      paramLabel = "N",
      defaultValue = "${env:ROOMCAST_COMMANDS_PER_SECOND:-100}",
      description =
          "Commands a client may send a second, twice as many at once; 0 for any number"
              + " (ROOMCAST_COMMANDS_PER_SECOND).")
  private int commandsPerSecond;

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      split = ";",
      defaultValue = "${env:ROOMCAST_RULES:-}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description =
          "What the rooms of a name, or of names that begin alike, allow, such as 'news:* log=100/5m'"
              + " (PROTOCOL.md, Rules); may be repeated (ROOMCAST_RULES, with semicolons).")
  private List<String> rules = List.of();

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      defaultValue = "${env:ROOMCAST_DRAIN:-10}",
      description = "Time to close all clients in, at shutdown (ROOMCAST_DRAIN).")
  private int drain;

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      defaultValue = "${env:ROOMCAST_TRANSPORT:-auto}",
      description = "io_uring, epoll, nio, or auto for the first that works (ROOMCAST_TRANSPORT).")
  private String transport = "";

  @Option(
      names = "--loops",
      paramLabel = "N",
      defaultValue = "${env:ROOMCAST_LOOPS:-0}",
      description = "Event loops; 0 for one a processor (ROOMCAST_LOOPS).")
  private int loops;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Roomcast server;
    try {
      server = Roomcast.start(config());
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
    awaitBroker(server);
    Greeting.print(server, spec.commandLine().getOut());
    stopped.await();
    return 0;
  }

  private ServerConfig config() {
    if (commandsPerSecond < 0) {
      throw new IllegalArgumentException(
          "commands per second must be 0 or more, not " + commandsPerSecond);
    }
    return Roomcast.builder()
        .host(host)
        .port(port)
        .redis(redis)
        .redisPrefix(redisPrefix)
        .redisConnections(redisConnections)
        .nodeName(nodeName)
        .open(open)
        .tokenSecret(tokenSecret)
        .allowedOrigins(allowOrigin.stream().filter(o -> !o.isBlank()).toList())
        .limits(Limits.DEFAULT.withCommandsPerSecond(commandsPerSecond))
        .rules(rules.stream().filter(r -> !r.isBlank()).toList())
        .drain(Duration.ofSeconds(drain))
        .transport(transport)
        .loops(loops)
        .config();
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
      String at = name(config) + ":" + server.port();
      out.println("Roomcast " + RoomcastCommand.Version.number() + ", node " + config.nodeName());
      out.println("  browser    http://" + at);
      out.println("  websocket  ws://" + at + "/ws");
      out.println("  broker     " + broker(server));
      out.println("  transport  " + server.transport());
      out.println("  clients    " + clients(config));
      out.println("Stop with Ctrl-C.");
      out.flush();
    }

    /**
     * A name to reach it by; where it listens everywhere, the one that is right on this machine.
     */
    private static String name(ServerConfig config) {
      InetAddress address = config.address().getAddress();
      if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
        return "localhost";
      }
      return config.host().contains(":") ? "[" + config.host() + "]" : config.host();
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
