package io.roomcast.redis;

import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where Redis is and how it is used.
 *
 * @param uri {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://} for
 *     TLS; a password's special characters are percent-encoded
 * @param prefix what a room's channel begins with, before the room's name; 1 to 64 bytes
 * @param messageBytes the largest message in bytes of JSON, as a whole event when a node published
 *     it and as a value when somebody else did
 * @param nodeName how this node is called in Redis' list of clients
 */
public record RedisConfig(String uri, String prefix, int messageBytes, String nodeName) {
  /** The prefix of a room's channel when nothing else is said. */
  public static final String DEFAULT_PREFIX = "room:";

  private static final int PREFIX_BYTES = 64;

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException saying what is wrong, without showing a password
   */
  public RedisConfig {
    parse(uri);
    int length = prefix.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > PREFIX_BYTES) {
      throw new IllegalArgumentException(
          "the prefix of Redis channels must be 1 to " + PREFIX_BYTES + " bytes");
    }
    if (messageBytes < 1) {
      throw new IllegalArgumentException("messageBytes must be positive");
    }
  }

  RedisURI redisUri() {
    return parse(uri);
  }

  private static RedisURI parse(String uri) {
    String lower = uri.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("redis://") && !lower.startsWith("rediss://")) {
      throw flaw("must begin with redis:// or rediss://");
    }
    if (uri.indexOf('?') >= 0 || uri.indexOf('#') >= 0) {
      throw flaw("must have neither ? nor #; in a password write %3F and %23");
    }
    try {
      RedisURI parsed = RedisURI.create(uri);
      String host = parsed.getHost();
      if (host != null && !host.isEmpty()) {
        return parsed;
      }
    } catch (RuntimeException e) {
      // Not passed on: its text repeats the address, and with it the password.
      throw flaw("cannot be understood");
    }
    throw flaw("names no host");
  }

  private static IllegalArgumentException flaw(String what) {
    return new IllegalArgumentException(
        "the address of Redis " + what + "; expected redis://[:password@]host:port[/database]");
  }

  /** Without the password. */
  @Override
  public String toString() {
    RedisURI parsed = redisUri();
    return "RedisConfig[" + parsed.getHost() + ":" + parsed.getPort() + ", prefix=" + prefix + "]";
  }
}
