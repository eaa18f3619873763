package io.roomcast;

import io.roomcast.auth.ApiKeys;
import io.roomcast.auth.LiveKeys;
import io.roomcast.config.ServerConfig;
import io.roomcast.config.TlsConfig;
import io.roomcast.http.HttpConnection;
import io.roomcast.http.HttpRoutes;
import io.roomcast.http.Port;
import io.roomcast.http.ServerApi;
import io.roomcast.metrics.PrometheusTelemetry;
import io.roomcast.net.Entrance;
import io.roomcast.net.Listener;
import io.roomcast.net.Loops;
import io.roomcast.room.Cluster;
import io.roomcast.room.Node;
import io.roomcast.room.Origins;
import io.roomcast.room.Ruling;
import io.roomcast.room.Time;
import io.roomcast.tls.Tls;
import io.roomcast.tls.TlsFiles;
import io.roomcast.tls.TlsProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a server listens on: its port, the one of those who operate it, and TLS on both. */
final class Ports implements AutoCloseable {
  private final Origins origins;
  private final LiveKeys apiKeys;
  private final Optional<Tls> tls;
  private final Listener listener;

  private Ports(Origins origins, LiveKeys apiKeys, Optional<Tls> tls, Listener listener) {
    this.origins = origins;
    this.apiKeys = apiKeys;
    this.tls = tls;
    this.listener = listener;
  }

  /**
   * Opens them.
   *
   * @throws IOException when an address cannot be listened on
   * @throws IllegalArgumentException when the certificate cannot be served
   */
  static Ports open(
      ServerConfig config,
      Loops loops,
      Node node,
      PrometheusTelemetry telemetry,
      Cluster cluster,
      Ruling ruling)
      throws IOException {
    Origins origins = origins(config);
    LiveKeys apiKeys = new LiveKeys(config.apiKeys());
    ServerApi api = new ServerApi(apiKeys, cluster, ruling, operatorsOpen(config));
    Optional<Tls> tls = files(config.tls()).map(Ports::tls);
    try {
      Listener listener =
          Listener.open(
              entrances(config, node, telemetry, api, origins, tls),
              loops,
              node,
              config.compression());
      telemetry.observeLoops(listener::lagSeconds, Listener::directBytes);
      tls.ifPresent(ended -> observe(telemetry, ended));
      return new Ports(origins, apiKeys, tls, listener);
    } catch (IOException | RuntimeException e) {
      tls.ifPresent(Tls::close);
      throw e;
    }
  }

  private static List<Entrance> entrances(
      ServerConfig config,
      Node node,
      PrometheusTelemetry telemetry,
      ServerApi api,
      Origins origins,
      Optional<Tls> tls) {
    boolean apart = config.admin().any();
    HttpRoutes routes =
        new HttpRoutes(node, telemetry::write, origins, api, apart ? Port.PUBLIC : Port.ONLY);
    List<Entrance> entrances = new ArrayList<>();
    entrances.add(entrance(config.address(), tls, Optional.of(origins), routes));
    if (apart) {
      // Web pages that may connect as clients are no operators.
      Origins own = new Origins(List.of(), operatorsOpen(config), tls.isPresent());
      HttpRoutes admin = new HttpRoutes(node, telemetry::write, own, api, Port.ADMIN);
      entrances.add(entrance(config.adminAddress(), tls, Optional.empty(), admin));
    }
    return entrances;
  }

  private static Entrance entrance(
      InetSocketAddress address,
      Optional<Tls> tls,
      Optional<Origins> webSockets,
      HttpRoutes routes) {
    return new Entrance(address, tls, webSockets, lane -> new HttpConnection(lane, routes));
  }

  /** Looks at what {@link #open} needs, and opens nothing. */
  static void check(ServerConfig config) {
    var unused = List.of(origins(config), ApiKeys.of(config.apiKeys()), config.adminAddress());
    files(config.tls()).ifPresent(TlsFiles::check);
  }

  private static Origins origins(ServerConfig config) {
    return new Origins(config.allowedOrigins(), loopbackOpen(config), config.tls().any());
  }

  /** Whether it listens on its own machine alone, and asks nobody for anything. */
  private static boolean loopbackOpen(ServerConfig config) {
    return config.tokenless() && config.address().getAddress().isLoopbackAddress();
  }

  /** The same of those who operate it. */
  private static boolean operatorsOpen(ServerConfig config) {
    return loopbackOpen(config) && config.adminAddress().getAddress().isLoopbackAddress();
  }

  private static Optional<TlsFiles> files(TlsConfig config) {
    if (!config.any()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new TlsFiles(Path.of(config.certificate()), Path.of(config.key())));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not a file's name: " + e.getInput(), e);
    }
  }

  private static Tls tls(TlsFiles files) {
    return Tls.open(files, TlsProvider.best(), Time.SYSTEM);
  }

  private static void observe(PrometheusTelemetry telemetry, Tls tls) {
    telemetry.gauge(
        "roomcast_tls_certificate_expiry_timestamp_seconds",
        "When the certificate of new connections ends to be good, in seconds since 1970.",
        () -> (double) tls.expires().getEpochSecond());
    telemetry.counter(
        "roomcast_tls_handshakes_failed_total",
        "TLS handshakes that began and came to nothing.",
        tls::failedHandshakes);
    telemetry.counters(
        "roomcast_tls_renewals_total",
        "Changes of the certificate's files, and whether they were taken.",
        "result",
        tls.renewals());
  }

  /** Which web pages may connect as clients. */
  Origins origins() {
    return origins;
  }

  /** Those of its server API. */
  LiveKeys apiKeys() {
    return apiKeys;
  }

  Optional<Tls> tls() {
    return tls;
  }

  Listener listener() {
    return listener;
  }

  /** Ends all connections. */
  @Override
  public void close() {
    listener.close();
    tls.ifPresent(Tls::close);
  }
}
