package io.roomcast;

import io.roomcast.config.RuleReader;
import io.roomcast.config.RuleText;
import io.roomcast.config.ServerConfig;
import io.roomcast.memory.MemoryBroker;
import io.roomcast.memory.MemoryCluster;
import io.roomcast.memory.MemoryOccupancy;
import io.roomcast.memory.MemoryPresence;
import io.roomcast.metrics.PrometheusTelemetry;
import io.roomcast.net.Loops;
import io.roomcast.net.NativeTransport;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.RoomName;
import io.roomcast.redis.RedisBroker;
import io.roomcast.redis.RedisConfig;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Broker;
import io.roomcast.room.Census;
import io.roomcast.room.Cluster;
import io.roomcast.room.Control;
import io.roomcast.room.Node;
import io.roomcast.room.Occupancy;
import io.roomcast.room.Presence;
import io.roomcast.room.Quotas;
import io.roomcast.room.Ruling;
import io.roomcast.room.Time;
import io.roomcast.tls.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A running server, for its command line and for any Java program that wants one inside.
 *
 * <pre>{@code
 * try (Roomcast server = Roomcast.builder().port(8080).start()) {
 *   server.publish("room1", "{\"hello\":\"world\"}");
 *   ...
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class Roomcast implements AutoCloseable {
  private final ServerConfig config;
  private final Node node;
  private final Backend backend;
  private final Cluster cluster;
  private final Ruling ruling;
  private final Webhooks webhooks;
  private final Ports ports;
  private final Loops loops;

  /** What joins nodes to one another. */
  private record Backend(Broker broker, Presence presence, Census census, Occupancy occupancy) {
    void close() {
      presence.close();
      broker.close();
    }
  }

  private Roomcast(
      ServerConfig config,
      Node node,
      Backend backend,
      Cluster cluster,
      Ruling ruling,
      Webhooks webhooks,
      Ports ports,
      Loops loops) {
    this.config = config;
    this.node = node;
    this.backend = backend;
    this.cluster = cluster;
    this.ruling = ruling;
    this.webhooks = webhooks;
    this.ports = ports;
    this.loops = loops;
  }

  /** Begins the settings of a server. */
  public static RoomcastBuilder builder() {
    return new RoomcastBuilder();
  }

  /**
   * Starts a server. With Redis it starts also while Redis is away, and is not ready until it
   * comes.
   *
   * @throws IOException when the address cannot be listened on
   * @throws IllegalArgumentException when a setting cannot work; the message says which and why
   */
  public static Roomcast start(ServerConfig config) throws IOException {
    // Every object is made here, once, and given what it needs.
    Ports.check(config);
    Loops loops = Loops.open(NativeTransport.named(config.transport()), config.loops());
    try {
      return start(config, loops);
    } catch (IOException | RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  private static Roomcast start(ServerConfig config, Loops loops) throws IOException {
    Time time = Time.SYSTEM;
    PrometheusTelemetry telemetry = new PrometheusTelemetry();
    Webhooks webhooks = new Webhooks(config.webhook(), config.nodeName(), time);
    Authenticator authenticator =
        config.webhook().connect()
            ? webhooks.authenticator()
            : Authenticators.of(config.tokens(), time);
    Backend backend = backend(config, time, loops);
    Broker broker = backend.broker();
    Node node =
        new Node(
            config.nodeName(),
            broker,
            backend.presence(),
            authenticator,
            new Quotas(config.limits(), config.allowances(), time, backend.census()),
            config.rulebook(),
            telemetry,
            time,
            webhooks.gate(),
            webhooks.visits());
    webhooks.observe(telemetry);
    telemetry.observe(node, loops.transport().label());
    Cluster cluster = broker instanceof RedisBroker redis ? redis.cluster() : new MemoryCluster();
    Ruling ruling = new Ruling(node, config.rulebook(), new RuleText(config));
    // Before there is a port: whoever comes at once must find a broker that hears of it.
    node.start();
    webhooks.start(backend.occupancy());
    cluster.start(new Control(node, ruling, version()));
    try {
      Ports ports = Ports.open(config, loops, node, telemetry, cluster, ruling);
      return new Roomcast(config, node, backend, cluster, ruling, webhooks, ports, loops);
    } catch (IOException | RuntimeException e) {
      cluster.close();
      webhooks.close();
      backend.close();
      Authenticators.close(authenticator);
      throw e;
    }
  }

  /**
   * Has connections with Redis take io_uring when the server does, so that they share its event
   * loops where that is better. That holds for everything in this process that uses Lettuce: for
   * one that is the server's alone, before {@link #start}.
   *
   * @throws IllegalArgumentException when there is no such transport, or it does not work here
   */
  public static void ownProcess(ServerConfig config) {
    if (NativeTransport.named(config.transport()) == NativeTransport.IO_URING) {
      RedisBroker.preferIoUring();
    }
  }

  /**
   * Looks at settings as {@link #start} does, and starts nothing.
   *
   * @throws IllegalArgumentException when one cannot work; the message says which and why
   */
  public static void check(ServerConfig config) {
    Objects.requireNonNull(NativeTransport.named(config.transport()));
    Ports.check(config);
    Authenticators.check(config.tokens());
    Webhooks.check(config.webhook());
    if (!config.redis().isEmpty()) {
      Objects.requireNonNull(redis(config));
    }
  }

  private static RedisConfig redis(ServerConfig config) {
    return new RedisConfig(
        config.redis(),
        config.redisPrefix(),
        config.limits().messageBytes(),
        config.nodeName(),
        config.redisConnections());
  }

  private static Backend backend(ServerConfig config, Time time, Loops loops) {
    if (config.redis().isEmpty()) {
      MemoryBroker broker = new MemoryBroker(config.rulebook(), time);
      return new Backend(
          broker, new MemoryPresence(broker), Census.NONE, new MemoryOccupancy(time));
    }
    Optional<ScheduledExecutorService> shared =
        RedisBroker.sharesLoops(loops.transport().socketChannel())
            ? Optional.of(loops.first())
            : Optional.empty();
    RedisBroker broker = new RedisBroker(redis(config), config.rulebook(), time, shared);
    return new Backend(broker, broker.presence(), broker.census(), broker.occupancy());
  }

  /** The port it listens on. */
  public int port() {
    return ports.listener().port(0);
  }

  /**
   * The port of those who operate it; the same as {@link #port} when they have none of their own.
   */
  public int adminPort() {
    return ports.listener().port(config.admin().any() ? 1 : 0);
  }

  /** TLS as it is spoken on its ports, for people; empty when it is not. */
  public String tls() {
    return ports
        .tls()
        .map(tls -> tls.provider().label() + ", certificate until " + tls.expires())
        .orElse("");
  }

  /**
   * Looks at the certificate's files now; they are looked at every few seconds anyway. Connections
   * that are there keep the one that they began with.
   *
   * @return whether what is in them is served now; otherwise the log says why not. True without TLS
   */
  public boolean renewCertificate() {
    return ports.tls().map(Tls::renew).orElse(true);
  }

  /**
   * Has other rules hold from now on, also for rooms that are there; where the server API has given
   * all nodes others, as soon as it takes these back.
   *
   * @param rules a line for each pattern of names, as {@link RoomcastBuilder#rules} takes them;
   *     they take the place of all earlier ones
   * @return whether they hold now
   * @throws IllegalArgumentException when one cannot be read; the earlier ones then still hold
   */
  public boolean rules(List<String> rules) {
    return ruling.configure(config.check(RuleReader.book(rules)));
  }

  /**
   * Knows other keys of the server API from now on.
   *
   * @param keys a line for each, as {@link RoomcastBuilder#apiKeys} takes them; they take the place
   *     of all earlier ones
   * @throws IllegalArgumentException when one cannot be read; the earlier ones then stay
   */
  public void apiKeys(List<String> keys) {
    ports.apiKeys().become(keys);
  }

  /**
   * Has other web pages allowed from now on; those that are connected stay.
   *
   * @throws IllegalArgumentException when one is no origin; the earlier ones then still hold
   */
  public void allowedOrigins(List<String> allowed) {
    ports.origins().list(allowed);
  }

  /** The settings it was started with. */
  public ServerConfig config() {
    return config;
  }

  /** The native transport it runs on: {@code io_uring}, {@code epoll} or {@code nio}. */
  public String transport() {
    return loops.transport().label();
  }

  /** The broker's state: what {@code /ready} tells. */
  public Broker.Health health() {
    return node.health();
  }

  /**
   * Publishes to a room, as a client without a name would.
   *
   * @param json one JSON value
   * @return completes when the broker has it; fails with {@link PublishException} when it could not
   *     be sent
   * @throws IllegalArgumentException when the room's name or the JSON is not valid, or is too large
   */
  public CompletionStage<Void> publish(String room, String json) {
    byte[] message = json.getBytes(StandardCharsets.UTF_8);
    String flaw = RoomName.flaw(room);
    if (!flaw.isEmpty()) {
      throw new IllegalArgumentException("room " + flaw);
    }
    if (message.length > config.limits().messageBytes()) {
      throw new IllegalArgumentException(
          "message is larger than " + config.limits().messageBytes() + " bytes");
    }
    if (!Json.isPayload(message, 0, message.length)) {
      throw new IllegalArgumentException("message is not one JSON value");
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    node.publish(
        room,
        message,
        "",
        "",
        "",
        (outcome, position) -> {
          if (outcome.delivered()) {
            done.complete(null);
          } else {
            done.completeExceptionally(new PublishException(outcome));
          }
        });
    return done;
  }

  /** A message was not sent; another try may succeed. */
  public static final class PublishException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PublishException(Broker.PublishOutcome outcome) {
      super(outcome.text());
    }
  }

  /**
   * Goes away in good order: no longer ready, takes no new clients, closes those that are there
   * over {@link ServerConfig#drain}, and then ends. Blocks until all that has happened.
   */
  @Override
  public void close() {
    try {
      node.drain(config.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ports.close();
    cluster.close();
    // Before the backend: what rooms this empties is stated, told, and known to be told.
    webhooks.close();
    backend.close();
    Authenticators.close(node.authenticator());
    loops.close();
  }

  /** The jar's version; classes outside of a jar have none. */
  private static String version() {
    String version = Roomcast.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
