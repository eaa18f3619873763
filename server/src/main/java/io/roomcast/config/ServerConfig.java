package io.roomcast.config;

import io.roomcast.room.Allowances;
import io.roomcast.room.Limits;
import io.roomcast.room.Rulebook;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Everything that can be set. Text that is not set is empty.
 *
 * @param host the address to listen on
 * @param port 0 for any that is free
 * @param tls the certificate, where the ports speak TLS
 * @param admin a port of its own for metrics, the server API and the operator's page
 * @param redis where Redis is, as a {@code redis://} URI; empty for the embedded broker
 * @param redisPrefix what stands before a room's name in its channel's name
 * @param redisConnections connections that subscribe at Redis, 1 to 16
 * @param nodeName tells this node from others, for people
 * @param open whether clients need no token although the address is not loopback
 * @param tokens how tokens are checked; where there is a key every client needs one
 * @param apiKeys keys of the server API, as {@code NAME:SCOPES:SHA-256}
 * @param webhook a program of the operator's that decides and is told
 * @param allowedOrigins web pages that may connect, beside the server's own
 * @param transport {@code auto}, {@code io_uring}, {@code epoll} or {@code nio}
 * @param compression whether clients that ask for permessage-deflate get it
 * @param logFormat how the command line writes its log: {@code text} or {@code json}
 * @param loops event loops; 0 for one a processor
 * @param limits what one client may cost
 * @param allowances what sessions, users, addresses and the node may cost
 * @param rulebook what rooms allow
 * @param drain how long closing all clients may take at shutdown
 */
public record ServerConfig(
    String host,
    int port,
    TlsConfig tls,
    AdminConfig admin,
    String redis,
    String redisPrefix,
    int redisConnections,
    String nodeName,
    boolean open,
    TokenConfig tokens,
    List<String> apiKeys,
    WebhookConfig webhook,
    List<String> allowedOrigins,
    String transport,
    boolean compression,
    String logFormat,
    int loops,
    Limits limits,
    Allowances allowances,
    Rulebook rulebook,
    Duration drain) {

  /** Makes it, and refuses what cannot work. */
  public ServerConfig {
    apiKeys = List.copyOf(apiKeys);
    allowedOrigins = List.copyOf(allowedOrigins);
    require(!host.isEmpty(), "host must not be empty");
    require(port >= 0 && port <= 65535, "port must be 0 to 65535, not " + port);
    require(
        redisConnections >= 1 && redisConnections <= 16,
        "Redis connections must be 1 to 16, not " + redisConnections);
    require(
        nodeName.chars().noneMatch(Character::isISOControl),
        "the node name must not contain control characters");
    require(loops >= 0 && loops <= 64, "loops must be 0 to 64, not " + loops);
    require(!drain.isNegative(), "drain must not be negative");
    tls.check();
    admin.check(port);
    tokens.check();
    webhook.check();
    require(
        !(tokens.any() && webhook.connect()),
        "either keys for tokens or webhook-connect, which decides about tokens in their place");
    require(
        !(open && asksForTokens(tokens, webhook)),
        "either --open or a token secret or key: an open server asks for no token");
    check(rulebook, tokens, webhook);
  }

  /**
   * Where to listen.
   *
   * @throws IllegalArgumentException when there is no such host; or when the address is not
   *     loopback and the server would let anybody in without that being asked for
   */
  public InetSocketAddress address() {
    InetAddress address = named(host);
    require(
        address.isLoopbackAddress() || open || !tokenless(),
        "refusing to listen on "
            + host
            + ": everybody who can reach it could read and send in every room. Give a token secret"
            + " (--token-secret or ROOMCAST_TOKEN_SECRET), or say --open if that is what you want");
    return new InetSocketAddress(address, port);
  }

  /**
   * Where those who operate the server find it; the same as {@link #address} unless they have a
   * port of their own.
   *
   * @throws IllegalArgumentException when there is no such host
   */
  public InetSocketAddress adminAddress() {
    return admin.any() ? new InetSocketAddress(named(admin.host()), admin.port()) : address();
  }

  private static InetAddress named(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("unknown host: " + host, e);
    }
  }

  /** Whether clients need no token. */
  public boolean tokenless() {
    return !asksForTokens(tokens, webhook);
  }

  /** For logs: without the secret, and without the URI that may hold a password. */
  @Override
  public String toString() {
    return "ServerConfig[host=%s, port=%d, tls=%s, redis=%s, nodeName=%s, open=%s, tokens=%s, transport=%s]"
        .formatted(
            host, port, tls.any(), !redis.isEmpty(), nodeName, open, !tokenless(), transport);
  }

  /**
   * Looks at other rules, for the same server.
   *
   * @throws IllegalArgumentException when they say what it cannot fulfil
   */
  public Rulebook check(Rulebook rules) {
    check(rules, tokens, webhook);
    return rules;
  }

  private static void check(Rulebook rulebook, TokenConfig tokens, WebhookConfig webhook) {
    for (Rulebook.Entry entry : rulebook.entries()) {
      require(
          asksForTokens(tokens, webhook) || !entry.needsTokens(),
          "the rule for \""
              + entry.pattern()
              + "\" says user or token, but there is no key to check tokens with"
              + " (--token-secret, --token-key or --token-jwks)");
      require(
          webhook.any() || !entry.needsWebhook(),
          "the rule for \"" + entry.pattern() + "\" says webhook, but there is none (--webhook)");
    }
  }

  private static boolean asksForTokens(TokenConfig tokens, WebhookConfig webhook) {
    return tokens.any() || webhook.connect();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
