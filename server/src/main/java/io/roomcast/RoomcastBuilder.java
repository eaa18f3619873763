package io.roomcast;

import io.roomcast.config.AdminConfig;
import io.roomcast.config.RuleReader;
import io.roomcast.config.ServerConfig;
import io.roomcast.config.Setting;
import io.roomcast.config.Settings;
import io.roomcast.config.TlsConfig;
import io.roomcast.config.TokenConfig;
import io.roomcast.config.WebhookConfig;
import io.roomcast.room.Allowances;
import io.roomcast.room.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The settings of a server, each with a default that works for one node on one's own machine. See
 * {@link ServerConfig} for what they mean.
 */
public final class RoomcastBuilder {
  private String host = "127.0.0.1";
  private int port = 8080;
  private TlsConfig tls = TlsConfig.NONE;
  private AdminConfig admin = AdminConfig.NONE;
  private String redis = "";
  private String redisPrefix = "room:";
  private int redisConnections;
  private String nodeName = "";
  private boolean open;
  private TokenConfig tokens = TokenConfig.NONE;
  private List<String> apiKeys = List.of();
  private WebhookConfig webhook = WebhookConfig.NONE;
  private List<String> allowedOrigins = List.of();
  private String transport = "auto";
  private boolean compression;
  private String logFormat = "text";
  private int loops;
  private Limits limits = Limits.DEFAULT;
  private Allowances allowances = Allowances.NONE;
  private List<String> rules = List.of();
  private Duration drain = Duration.ofSeconds(10);

  RoomcastBuilder() {}

  public RoomcastBuilder host(String value) {
    host = value;
    return this;
  }

  public RoomcastBuilder port(int value) {
    port = value;
    return this;
  }

  /**
   * Has the ports speak TLS. The files are read again when they change.
   *
   * @param certificate PEM: the server's certificate, and behind it those that vouch for it
   * @param key PEM: its private key, PKCS#8 without a password
   */
  public RoomcastBuilder tls(Path certificate, Path key) {
    return tls(new TlsConfig(certificate.toString(), key.toString()));
  }

  public RoomcastBuilder tls(TlsConfig value) {
    tls = value;
    return this;
  }

  /**
   * Gives the server API, metrics and the operator's page a port of their own on loopback; 0 for
   * any that is free.
   */
  public RoomcastBuilder adminPort(int value) {
    return admin(new AdminConfig(admin.host(), value));
  }

  public RoomcastBuilder admin(AdminConfig value) {
    admin = value;
    return this;
  }

  public RoomcastBuilder redis(String uri) {
    redis = uri;
    return this;
  }

  public RoomcastBuilder redisPrefix(String value) {
    redisPrefix = value;
    return this;
  }

  /** How many connections subscribe; 0 for one for two processors, up to four. */
  public RoomcastBuilder redisConnections(int value) {
    redisConnections = value;
    return this;
  }

  private static int forThisMachine() {
    return Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
  }

  public RoomcastBuilder nodeName(String value) {
    nodeName = value;
    return this;
  }

  public RoomcastBuilder open(boolean value) {
    open = value;
    return this;
  }

  public RoomcastBuilder tokenSecret(String value) {
    tokens = tokens.withSecret(value);
    return this;
  }

  public RoomcastBuilder tokens(TokenConfig value) {
    tokens = value;
    return this;
  }

  /** Keys of the server API, a line for each as {@code roomcast apikey} prints it. */
  public RoomcastBuilder apiKeys(List<String> value) {
    apiKeys = List.copyOf(value);
    return this;
  }

  public RoomcastBuilder webhook(WebhookConfig value) {
    webhook = value;
    return this;
  }

  public RoomcastBuilder allowedOrigins(List<String> value) {
    allowedOrigins = value;
    return this;
  }

  public RoomcastBuilder transport(String value) {
    transport = value;
    return this;
  }

  /** Whether clients that ask for permessage-deflate get it. */
  public RoomcastBuilder compression(boolean value) {
    compression = value;
    return this;
  }

  /** How the command line writes its log: {@code text} or {@code json}. */
  public RoomcastBuilder logFormat(String value) {
    logFormat = value;
    return this;
  }

  public RoomcastBuilder loops(int value) {
    loops = value;
    return this;
  }

  public RoomcastBuilder limits(Limits value) {
    limits = value;
    return this;
  }

  /** What is counted beside {@link #limits}; of a session its bytes and joins. */
  public RoomcastBuilder allowances(Allowances value) {
    allowances = value;
    return this;
  }

  /** What rooms allow, a line for each pattern of names; see {@link RuleReader}. */
  public RoomcastBuilder rules(List<String> value) {
    rules = List.copyOf(value);
    return this;
  }

  public RoomcastBuilder drain(Duration value) {
    drain = value;
    return this;
  }

  /** Takes all settings from elsewhere, in place of what was said so far. */
  public RoomcastBuilder settings(Settings settings) {
    return host(settings.text(Setting.HOST))
        .port(settings.number(Setting.PORT))
        .tls(new TlsConfig(settings.text(Setting.TLS_CERT), settings.text(Setting.TLS_KEY)))
        .admin(
            new AdminConfig(
                settings.text(Setting.ADMIN_HOST), settings.numberOr(Setting.ADMIN_PORT, -1)))
        .redis(settings.text(Setting.REDIS))
        .redisPrefix(settings.text(Setting.REDIS_PREFIX))
        .redisConnections(settings.number(Setting.REDIS_CONNECTIONS))
        .nodeName(settings.text(Setting.NODE_NAME))
        .open(settings.flag(Setting.OPEN))
        .tokens(tokens(settings))
        .apiKeys(settings.list(Setting.API_KEYS))
        .webhook(webhook(settings))
        .allowedOrigins(settings.list(Setting.ALLOW_ORIGIN))
        .transport(settings.text(Setting.TRANSPORT))
        .compression(settings.flag(Setting.COMPRESSION))
        .logFormat(settings.text(Setting.LOG_FORMAT))
        .loops(settings.number(Setting.LOOPS))
        .limits(settings.limits())
        .allowances(settings.allowances())
        .rules(settings.list(Setting.RULES))
        .drain(settings.time(Setting.DRAIN));
  }

  private static TokenConfig tokens(Settings settings) {
    return new TokenConfig(
        settings.text(Setting.TOKEN_SECRET),
        settings.list(Setting.TOKEN_KEYS),
        settings.text(Setting.TOKEN_JWKS),
        settings.text(Setting.TOKEN_ISSUER),
        settings.text(Setting.TOKEN_AUDIENCE),
        settings.flag(Setting.TOKEN_IN_URL));
  }

  private static WebhookConfig webhook(Settings settings) {
    return new WebhookConfig(
        settings.text(Setting.WEBHOOK),
        settings.text(Setting.WEBHOOK_SECRET),
        settings.flag(Setting.WEBHOOK_CONNECT),
        settings.list(Setting.WEBHOOK_EVENTS),
        settings.time(Setting.WEBHOOK_TIMEOUT));
  }

  /**
   * The settings as they stand.
   *
   * @throws IllegalArgumentException when one cannot work
   */
  public ServerConfig config() {
    return new ServerConfig(
        host,
        port,
        tls,
        admin,
        redis,
        redisPrefix,
        redisConnections == 0 ? forThisMachine() : redisConnections,
        nodeName.isEmpty() ? someName() : nodeName,
        open,
        tokens,
        apiKeys,
        webhook,
        allowedOrigins,
        transport,
        compression,
        logFormat,
        loops,
        limits,
        allowances,
        RuleReader.book(rules),
        drain);
  }

  /** Starts the server; see {@link Roomcast#start}. */
  public Roomcast start() throws IOException {
    return Roomcast.start(config());
  }

  /** The machine's name, and enough chance to tell two nodes on it apart. */
  private static String someName() {
    String machine;
    try {
      machine = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      machine = "node";
    }
    return machine.toLowerCase(Locale.ROOT)
        + "-"
        + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));
  }
}
