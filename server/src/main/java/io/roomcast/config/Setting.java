package io.roomcast.config;

import io.roomcast.room.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Everything that can be set: the one table from which the flags of {@code serve}, the environment
 * variables, the keys of the file, what {@code config init} writes and {@code
 * docs/configuration.md} come. To be kept in the order in which people read about it.
 */
public enum Setting {
  HOST(
      Group.LISTENING,
      "host",
      new Kind.Text("HOST", "a name or an address"),
      "127.0.0.1",
      "0.0.0.0",
      "Address to listen on. Any but loopback needs tokens, or `open`."),
  PORT(
      Group.LISTENING,
      "port",
      new Kind.Whole(0, 65535),
      "8080",
      "9000",
      "Port to listen on; 0 for any that is free."),
  TLS_CERT(
      Group.LISTENING,
      "tls-cert",
      new Kind.Text("FILE", "a PEM file"),
      "",
      "/etc/roomcast/tls.crt",
      "Speak TLS with this certificate, and behind it those that vouch for it."),
  TLS_KEY(
      Group.LISTENING,
      "tls-key",
      new Kind.Text("FILE", "a PEM file"),
      "",
      "/etc/roomcast/tls.key",
      "The certificate's private key: PKCS#8, RSA or EC, without a password."),
  ADMIN_PORT(
      Group.LISTENING,
      "admin-port",
      new Kind.Whole(0, 65535),
      "",
      "9090",
      "Take the server API, metrics and the operator's page from `port` to this one."),
  ADMIN_HOST(
      Group.LISTENING,
      "admin-host",
      new Kind.Text("HOST", "a name or an address"),
      "127.0.0.1",
      "10.0.0.5",
      "Address of `admin-port`."),

  OPEN(
      Group.CLIENTS,
      "open",
      new Kind.Flag(),
      "false",
      "true",
      "Ask nobody for a token, also on an address that others can reach."),
  TOKEN_SECRET(
      Group.CLIENTS,
      "token-secret",
      new Kind.Secret("SECRET", "text of 32 characters or more"),
      "",
      "a-secret-of-32-characters-or-more",
      "Let in only those with a token signed by this secret (HS256). Without it nobody is asked for"
          + " one."),
  TOKEN_KEYS(
      Group.CLIENTS,
      "token-keys",
      new Kind.Several("FILE", ",", "files, PEM or JSON Web Keys"),
      "",
      "/etc/roomcast/token.pem",
      "Check tokens with the public keys in these files: RSA, EC or Ed25519, as PEM or as JSON Web"
          + " Keys."),
  TOKEN_JWKS(
      Group.CLIENTS,
      "token-jwks",
      new Kind.Text("URL", "https://host/path"),
      "",
      "https://id.example/jwks.json",
      "Check tokens with the JSON Web Key Set at this address, which is fetched again as keys change."),
  TOKEN_ISSUER(
      Group.CLIENTS,
      "token-issuer",
      new Kind.Text("TEXT", "text"),
      "",
      "https://id.example",
      "What a token's `iss` must be; without it, anything."),
  TOKEN_AUDIENCE(
      Group.CLIENTS,
      "token-audience",
      new Kind.Text("TEXT", "text"),
      "",
      "chat",
      "What a token's `aud` must be, or have among others; without it, anything."),
  TOKEN_IN_URL(
      Group.CLIENTS,
      "token-in-url",
      new Kind.Flag(),
      "false",
      "true",
      "Take a token also from the URL, as `access_token`, where proxies and their logs may keep it."),
  API_KEYS(
      Group.CLIENTS,
      "api-keys",
      new Kind.Several("LINE", ";", "NAME:SCOPES:HASH, as roomcast apikey prints it"),
      "",
      "backend:publish,read:0000000000000000000000000000000000000000000000000000000000000000",
      "Keys of the server API: PROTOCOL.md, Server API. Only their hashes, so no secret."),
  WEBHOOK(
      Group.CLIENTS,
      "webhook",
      new Kind.Text("URL", "https://host/path"),
      "",
      "https://app.example/roomcast",
      "A program that decides where rules say `webhook`, and is told what happens: see"
          + " docs/webhooks.md."),
  WEBHOOK_SECRET(
      Group.CLIENTS,
      "webhook-secret",
      new Kind.Secret("SECRET", "text of 32 characters or more"),
      "",
      "a-webhook-secret-of-32-characters",
      "Signs what is sent to the webhook."),
  WEBHOOK_CONNECT(
      Group.CLIENTS,
      "webhook-connect",
      new Kind.Flag(),
      "false",
      "true",
      "Have the webhook say whom tokens speak for, in place of keys."),
  WEBHOOK_EVENTS(
      Group.CLIENTS,
      "webhook-events",
      new Kind.Several("WORD", ",", "rooms, members"),
      "",
      "rooms",
      "What the webhook is told: `rooms` that fill and empty, `members` who join and leave."),
  WEBHOOK_TIMEOUT(
      Group.CLIENTS,
      "webhook-timeout",
      new Kind.Time(Duration.ofMillis(50), Duration.ofSeconds(5)),
      "1s",
      "2s",
      "How long the webhook may take for an answer."),
  ALLOW_ORIGIN(
      Group.CLIENTS,
      "allow-origin",
      new Kind.Several("ORIGIN", ",", "origins such as https://chat.example"),
      "",
      "https://chat.example",
      "Web pages that may connect, beside the server's own; `null`, written out, for pages without"
          + " an origin."),

  RULES(
      Group.ROOMS,
      "rules",
      new Kind.Several("RULE", ";", "a room's name or NAME*, then words"),
      "",
      "news:* log=100/5m",
      "What rooms allow, a rule for each name or beginning of names: see PROTOCOL.md, Rules."),

  COMMANDS_PER_SECOND(
      Group.LIMITS,
      "commands-per-second",
      new Kind.Whole(0, 1_000_000),
      Integer.toString(Limits.DEFAULT.commandsPerSecond()),
      "50",
      "Commands a session may send a second, on average, and twice as many at once; 0 for any"
          + " number."),
  MESSAGE_BYTES(
      Group.LIMITS,
      "message-bytes",
      new Kind.Size(1, Limits.MOST_MESSAGE_BYTES),
      Quantity.text(Limits.DEFAULT.messageBytes()),
      "16KiB",
      "The largest WebSocket message or HTTP body."),
  ROOMS_PER_SESSION(
      Group.LIMITS,
      "rooms-per-session",
      new Kind.Whole(1, 1_000_000),
      Integer.toString(Limits.DEFAULT.rooms()),
      "16",
      "Rooms a session may be in."),
  ERRORS_FORGIVEN(
      Group.LIMITS,
      "errors-forgiven",
      new Kind.Whole(1, 1_000_000),
      Integer.toString(Limits.DEFAULT.errors()),
      "20",
      "Errors of its own making a session is forgiven; one is given back each second. Who has used"
          + " them up is closed."),
  UNREAD_BYTES(
      Group.LIMITS,
      "unread-bytes",
      new Kind.Size(1, 1 << 30),
      Quantity.text(Limits.DEFAULT.unreadBytes()),
      "256KiB",
      "Output that may wait for one client before it is closed as too slow; at least"
          + " `message-bytes`."),
  UNREAD_FOR(
      Group.LIMITS,
      "unread-for",
      new Kind.Time(Duration.ofSeconds(1), Duration.ofSeconds(60)),
      Quantity.text(Limits.DEFAULT.unreadFor()),
      "5s",
      "How long a client may have a backlog before it is closed as too slow."),
  JOIN_WAIT(
      Group.LIMITS,
      "join-wait",
      new Kind.Time(Duration.ofMillis(100), Duration.ofMinutes(5)),
      Quantity.text(Limits.DEFAULT.joinWait()),
      "2s",
      "How long a join waits for the broker before it fails."),

  PER_SESSION(
      Group.LIMITS,
      "per-session",
      new Kind.Allowances(AllowanceReader.SESSION),
      "",
      "rooms=64 commands=50 bytes=64KiB joins=20",
      "What one session may cost: rooms at a time; commands, bytes that come in and joins a second,"
          + " on average, and twice as many at once. `rooms` and `commands` here win over"
          + " `rooms-per-session` and `commands-per-second`."),
  PER_USER(
      Group.LIMITS,
      "per-user",
      new Kind.Allowances(AllowanceReader.ALL),
      "",
      "connections=10 rooms=500 commands=200 bytes=256KiB joins=100",
      "What one user may cost on all nodes together: who has shown a token with a `sub`. See"
          + " PROTOCOL.md, Limits."),
  PER_ADDRESS(
      Group.LIMITS,
      "per-address",
      new Kind.Allowances(AllowanceReader.ALL),
      "",
      "connections=500 commands=5000 bytes=4MiB joins=2000",
      "What the clients of one address may cost on this node; of IPv6, one network of /64. Many"
          + " people may share an address. Behind a proxy, say `trusted-proxies` too."),
  PER_NODE(
      Group.LIMITS,
      "per-node",
      new Kind.Allowances(AllowanceReader.ALL),
      "",
      "connections=50000 commands=100000 bytes=64MiB joins=20000",
      "What all clients of this node may cost together; `connections` below what `ulimit -n` gives"
          + " it."),
  TRUSTED_PROXIES(
      Group.LIMITS,
      "trusted-proxies",
      new Kind.Several("NETWORK", ",", "addresses, or networks such as 10.0.0.0/8"),
      "",
      "10.0.0.0/8",
      "Proxies whose X-Forwarded-For says where a client comes from; others are not believed."),

  REDIS(
      Group.REDIS,
      "redis",
      new Kind.Secret("URI", "redis://[[user]:password@]host[:port][/database], rediss:// for TLS"),
      "",
      "redis://127.0.0.1:6379",
      "Join other nodes through this Redis. Without it the node stands alone."),
  REDIS_PREFIX(
      Group.REDIS,
      "redis-prefix",
      new Kind.Text("TEXT", "1 to 64 bytes"),
      "room:",
      "chat:",
      "What stands before a room's name in its channel's name."),
  REDIS_CONNECTIONS(
      Group.REDIS,
      "redis-connections",
      new Kind.Whole(0, 16),
      "0",
      "3",
      "Connections that subscribe at Redis; 0 for one for two processors, up to four."),

  NODE_NAME(
      Group.RUNNING,
      "node-name",
      new Kind.Text("NAME", "text"),
      "",
      "alpha",
      "Tells this node from others, for people. Without it, the machine's name and a random part."),
  DRAIN(
      Group.RUNNING,
      "drain",
      new Kind.Time(Duration.ZERO, Duration.ofHours(1)),
      "10s",
      "30s",
      "Time within which clients are sent away at the end, at least 200 of them a second."),
  TRANSPORT(
      Group.RUNNING,
      "transport",
      new Kind.Choice(List.of("auto", "io_uring", "epoll", "nio")),
      "auto",
      "nio",
      "How it reaches the kernel; auto for the first that works."),
  COMPRESSION(
      Group.RUNNING,
      "compression",
      new Kind.Flag(),
      "false",
      "true",
      "Compress messages for clients that ask for it (permessage-deflate): less to send, more to"
          + " compute. See SECURITY.md."),
  LOG_FORMAT(
      Group.RUNNING,
      "log-format",
      new Kind.Choice(List.of("text", "json")),
      "text",
      "json",
      "How the log is written, to standard error: lines for people, or lines of JSON with event"
          + " codes."),
  LOOPS(
      Group.RUNNING,
      "loops",
      new Kind.Whole(0, 64),
      "0",
      "2",
      "Event loops; 0 for one a processor.");

  @SuppressWarnings("ImmutableEnumChecker") // All kinds are records of what does not change.
  private final Row row;

  Setting(Group group, String key, Kind kind, String preset, String example, String meaning) {
    row = new Row(group, key, kind, preset, example, meaning);
  }

  Row row() {
    return row;
  }

  /** Its name in the file: lower case, with dashes. */
  public String key() {
    return row.key();
  }

  /** Its flag, with dashes before it. */
  public String flag() {
    return switch (this) {
      case RULES -> "--rule";
      case TOKEN_KEYS -> "--token-key";
      case API_KEYS -> "--api-key";
      default -> "--" + row.key();
    };
  }

  /** Its environment variable. */
  public String variable() {
    return Environment.BEGIN + row.key().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** What stands for a value behind the flag. */
  public String placeholder() {
    return row.kind().placeholder();
  }

  /** The default as it would be written; empty where there is none. */
  public String preset() {
    return row.preset();
  }

  /** A value that differs from the default. */
  public String example() {
    return row.example();
  }

  /** What it means, for people. */
  public String meaning() {
    return row.meaning();
  }

  /** Whether a change holds without a restart. */
  public boolean live() {
    return this == RULES || this == ALLOW_ORIGIN || this == API_KEYS;
  }

  /** Whether it is a secret, and so can be given in a file of its own. */
  public boolean secret() {
    return row.kind() instanceof Kind.Secret;
  }

  /** Whether the flag alone means {@code true}. */
  public boolean bare() {
    return row.kind() instanceof Kind.Flag;
  }

  /** Whether it may be given more than once. */
  public boolean several() {
    return row.kind() instanceof Kind.Several;
  }
}
