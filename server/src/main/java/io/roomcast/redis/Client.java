package io.roomcast.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.IOUringProvider;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lettuce, set so that it makes connections and nothing else: it never reconnects, repeats or
 * queues by itself. Thread-safe.
 */
final class Client {
  /** For TCP and TLS, and then once more for the first commands. */
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** After which the kernel gives a connection up whose bytes nobody confirms. */
  private static final Duration TCP_SILENCE = Duration.ofSeconds(10);

  /** For each half of {@link #close}. */
  private static final long CLOSE_MILLIS = 800;

  /** Of a clock that only connects are timed by: by default it would wake 100 times a second. */
  private static final long CLOCK_MILLIS = 500;

  private final RedisURI uri;
  private final HashedWheelTimer clock;
  private final EventLoopGroupProvider threads;
  private final ClientResources resources;
  private final RedisClient client;

  /**
   * Makes none yet.
   *
   * @param loop where its connections live; empty for threads of their own
   */
  Client(RedisConfig config, Optional<ScheduledExecutorService> loop) {
    uri = config.redisUri();
    uri.setTimeout(CONNECT);
    uri.setClientName("roomcast-" + config.nodeName().replaceAll("[^!-~]", "-"));
    clock =
        new HashedWheelTimer(
            new DefaultThreadFactory("roomcast-redis-clock", true),
            CLOCK_MILLIS,
            TimeUnit.MILLISECONDS);
    threads =
        loop.<EventLoopGroupProvider>map(LentLoop::new)
            .orElseGet(() -> new DefaultEventLoopGroupProvider(threads(config.subscribers())));
    resources =
        ClientResources.builder()
            .eventLoopGroupProvider(threads)
            .timer(clock)
            .socketAddressResolver(new LookUp())
            .addressResolverGroup(NoopAddressResolverGroup.INSTANCE)
            .computationThreadPoolSize(2)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    client = RedisClient.create(resources, uri);
    client.setOptions(options());
  }

  /**
   * One for each connection, where there are processors for them. Else one for all: on a busy
   * processor it is waking up that costs, and an answer and a message often come together.
   */
  private static int threads(int subscribers) {
    return fewProcessors() ? 1 : 2 + subscribers;
  }

  static boolean fewProcessors() {
    return Runtime.getRuntime().availableProcessors() <= 2;
  }

  private static ClientOptions options() {
    SocketOptions.KeepAliveOptions keepAlive =
        SocketOptions.KeepAliveOptions.builder()
            .enable()
            .idle(TCP_SILENCE)
            .interval(Duration.ofSeconds(3))
            .count(3)
            .build();
    SocketOptions.Builder socket =
        SocketOptions.builder().connectTimeout(CONNECT).keepAlive(keepAlive);
    if (EpollProvider.isAvailable() || IOUringProvider.isAvailable()) {
      // Elsewhere Lettuce would refuse to connect; the broker's own watching does without.
      socket.tcpUserTimeout(
          SocketOptions.TcpUserTimeoutOptions.builder()
              .enable()
              .tcpUserTimeout(TCP_SILENCE)
              .build());
    }
    return ClientOptions.builder()
        .protocolVersion(ProtocolVersion.RESP2)
        .autoReconnect(false)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        // Never reached: Publisher and Subscriptions have smaller bounds of their own.
        .requestQueueSize(2 * Publisher.MAX_WAITING)
        // No timer for each command: the broker watches whether answers come at all.
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(socket.build())
        .build();
  }

  /** Host and port. */
  String address() {
    return uri.getHost() + ":" + uri.getPort();
  }

  CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
    return apart(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri));
  }

  <K, V> CompletionStage<StatefulRedisPubSubConnection<K, V>> connectPubSub(
      RedisCodec<K, V> codec) {
    return apart(() -> client.connectPubSubAsync(codec, uri));
  }

  /** Begins to connect on a thread that may wait. */
  private <C> CompletionStage<C> apart(Supplier<CompletionStage<C>> connect) {
    return CompletableFuture.supplyAsync(connect, resources.eventExecutorGroup())
        .thenCompose(Function.identity());
  }

  /** Closes all connections and ends the threads, within a bounded time. */
  void close() {
    try {
      client
          .shutdownAsync(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
          .get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // The threads are told to end all the same.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      resources.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
      threads.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
      clock.stop();
    }
  }

  /**
   * Looks the host's name up where connecting begins. Lettuce would have the thread that reads do
   * it, or a socket on it for questions to name servers.
   */
  private static final class LookUp extends SocketAddressResolver {
    LookUp() {
      super(InetAddress::getAllByName);
    }

    @Override
    public SocketAddress resolve(RedisURI redis) {
      try {
        return new InetSocketAddress(InetAddress.getByName(redis.getHost()), redis.getPort());
      } catch (UnknownHostException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
