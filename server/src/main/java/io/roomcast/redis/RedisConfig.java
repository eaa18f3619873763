package io.roomcast.redis;

import io.lettuce.core.RedisURI;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Redis is and how it is used.
 *
 * @param uri {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://} for
 *     TLS; a password's special characters are percent-encoded
 * @param prefix what a room's channel begins with, before the room's name; 1 to 64 bytes
 * @param messageBytes the largest message in bytes of JSON, as a whole event when a node published
 *     it and as a value when somebody else did
 * @param nodeName how this node is called in Redis' list of clients
 * @param subscribers connections that subscribe, 1 to 16; rooms are spread over them by name
 */
public record RedisConfig(
    String uri, String prefix, int messageBytes, String nodeName, int subscribers) {
  /** The prefix of a room's channel when nothing else is said. */
  public static final String DEFAULT_PREFIX = "room:";

  private static final int DEFAULT_PORT = 6379;
  private static final int PREFIX_BYTES = 64;
  private static final int MAX_SUBSCRIBERS = 16;

  /** A name, which may have an underscore as containers' names do, or an address; and a port. */
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[\\w.-]+)(?::([0-9]{1,5}))?");

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
    if (subscribers < 1 || subscribers > MAX_SUBSCRIBERS) {
      throw new IllegalArgumentException(
          "subscribing connections must be 1 to " + MAX_SUBSCRIBERS + ", not " + subscribers);
    }
    if (messageBytes < 1) {
      throw new IllegalArgumentException("messageBytes must be positive");
    }
  }

  /** The same with one subscribing connection. */
  public RedisConfig(String uri, String prefix, int messageBytes, String nodeName) {
    this(uri, prefix, messageBytes, nodeName, 1);
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
      URI plain = URI.create(uri);
      String authority = plain.getRawAuthority();
      Matcher host = HOST.matcher(authority.substring(authority.lastIndexOf('@') + 1));
      if (host.matches()) {
        RedisURI parsed = RedisURI.create(plain);
        if (plain.getHost() == null) {
          // An underscore: java.net.URI does not take the authority apart, nor does Lettuce.
          parsed.setHost(host.group(1));
          parsed.setPort(host.group(2) == null ? DEFAULT_PORT : Integer.parseInt(host.group(2)));
        }
        return parsed;
      }
    } catch (RuntimeException e) {
      // Not passed on: its text repeats the address, and with it the password.
      throw flaw("cannot be understood");
    }
    throw flaw("names no host, or no port that is a number");
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
