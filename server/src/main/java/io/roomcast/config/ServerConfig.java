package io.roomcast.config;

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
 * @param redis where Redis is, as a {@code redis://} URI; empty for the embedded broker
 * @param redisPrefix what stands before a room's name in its channel's name
 * @param redisConnections connections that subscribe at Redis, 1 to 16
 * @param nodeName tells this node from others, for people
 * @param open whether clients need no token although the address is not loopback
 * @param tokenSecret signs tokens (HS256); when it is set every client needs one
 * @param allowedOrigins web pages that may connect, beside the server's own
 * @param transport {@code auto}, {@code io_uring}, {@code epoll} or {@code nio}
 * @param loops event loops; 0 for one a processor
 * @param limits what one client may cost
 * @param rulebook what rooms allow
 * @param drain how long closing all clients may take at shutdown
 */
public record ServerConfig(
    String host,
    int port,
    String redis,
    String redisPrefix,
    int redisConnections,
    String nodeName,
    boolean open,
    String tokenSecret,
    List<String> allowedOrigins,
    String transport,
    int loops,
    Limits limits,
    Rulebook rulebook,
    Duration drain) {

  /** Bytes that a secret for HS256 needs at least (RFC 7518, 3.2). */
  public static final int SECRET_BYTES = 32;

  /** Makes it, and refuses what cannot work. */
  public ServerConfig {
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
    require(
        tokenSecret.isEmpty() || tokenSecret.length() >= SECRET_BYTES,
        "the token secret must have at least " + SECRET_BYTES + " characters");
    require(
        !(open && !tokenSecret.isEmpty()),
        "either --open or a token secret: an open server asks for no token");
  }

  /**
   * Where to listen.
   *
   * @throws IllegalArgumentException when there is no such host; or when the address is not
   *     loopback and the server would let anybody in without that being asked for
   */
  public InetSocketAddress address() {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("unknown host: " + host, e);
    }
    require(
        address.isLoopbackAddress() || open || !tokenSecret.isEmpty(),
        "refusing to listen on "
            + host
            + ": everybody who can reach it could read and send in every room. Give a token secret"
            + " (--token-secret or ROOMCAST_TOKEN_SECRET), or say --open if that is what you want");
    return new InetSocketAddress(address, port);
  }

  /** Whether clients need no token. */
  public boolean tokenless() {
    return tokenSecret.isEmpty();
  }

  /** For logs: without the secret, and without the URI that may hold a password. */
  @Override
  public String toString() {
    return "ServerConfig[host=%s, port=%d, redis=%s, nodeName=%s, open=%s, tokens=%s, transport=%s]"
        .formatted(host, port, !redis.isEmpty(), nodeName, open, !tokenless(), transport);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
