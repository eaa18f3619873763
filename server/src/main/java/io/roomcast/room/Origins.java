package io.roomcast.room;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which web pages may talk to this server. A browser names the page's origin in the {@code Origin}
 * header, and a page from anywhere can reach a server on its reader's own machine; other programs
 * send no such header, and are not meant here.
 *
 * <p>An origin is allowed when it is listed; or when it is the server's own, that is when it has
 * the host and port of the request's {@code Host} header, and is {@code https} where the server
 * itself speaks TLS; or, on a server that is open to its own machine, when both names are names of
 * the loopback interface, with any ports.
 *
 * <p>A server that is open to its own machine also refuses a {@code Host} that is neither such a
 * name, nor an IP address, nor that of a listed origin: that is a stranger's name made to point
 * here (DNS rebinding), which would make the stranger's page look like our own. A page that only
 * reads from what it takes for its own server sends no {@code Origin}, so this holds without one
 * too.
 *
 * <p>Thread-safe.
 */
public final class Origins {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private volatile Set<String> listed;
  private final boolean loopbackOpen;
  private final boolean tls;

  /**
   * Makes the rule for a server that does not end TLS itself.
   *
   * @param listed origins that are allowed in any case, such as {@code https://chat.example}; or
   *     {@code null}, written out, for pages without an origin
   * @param loopbackOpen whether the server listens on loopback alone and asks for no token
   */
  public Origins(Collection<String> listed, boolean loopbackOpen) {
    this(listed, loopbackOpen, false);
  }

  /**
   * Makes the rule.
   *
   * @param tls whether the server ends TLS itself: its own origin then begins with {@code https}.
   *     Otherwise somebody in front may do so, and the scheme is not looked at
   */
  public Origins(Collection<String> listed, boolean loopbackOpen, boolean tls) {
    this.listed = checked(listed);
    this.loopbackOpen = loopbackOpen;
    this.tls = tls;
  }

  /** Has other origins listed from now on; who is connected stays. */
  public void list(Collection<String> origins) {
    listed = checked(origins);
  }

  private static Set<String> checked(Collection<String> origins) {
    origins.forEach(Origins::check);
    return origins.stream().map(Origins::normal).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether a request may go on.
   *
   * @param origin the header {@code Origin}, or empty when there is none
   * @param host the header {@code Host}, or empty when there is none
   */
  public boolean allowed(String origin, String host) {
    if (listed.contains(normal(origin))) {
      return true;
    }
    if (origin.isEmpty()) {
      return !loopbackOpen || host.isEmpty() || known(Authority.ofHost(host, "http"));
    }
    Authority page = Authority.ofOrigin(origin);
    Authority server = Authority.ofHost(host, tls ? "https" : page.scheme());
    if (page.isNone() || server.isNone()) {
      return false;
    }
    if (!loopbackOpen) {
      return page.equals(server);
    }
    boolean local = LOOPBACK.contains(server.host());
    return (local && LOOPBACK.contains(page.host()))
        || ((local || server.isAddress()) && page.equals(server));
  }

  /** Whether a name is no stranger's that was made to point here. */
  private boolean known(Authority server) {
    return LOOPBACK.contains(server.host())
        || server.isAddress()
        || (!server.isNone()
            && listed.stream().anyMatch(o -> Authority.ofOrigin(o).host().equals(server.host())));
  }

  private static void check(String origin) {
    if (Authority.ofOrigin(origin).host().isEmpty() && !origin.equals("null")) {
      throw new IllegalArgumentException(
          "an allowed origin is a scheme, a host and perhaps a port, such as https://chat.example,"
              + " with nothing behind them; not "
              + origin);
    }
  }

  private static String normal(String origin) {
    return origin.toLowerCase(Locale.ROOT);
  }

  /** Where something is served, all lower case, IPv6 addresses in brackets. */
  private record Authority(String scheme, String host, int port) {
    private static final Authority NONE = new Authority("http", "", -1);

    static Authority ofOrigin(String origin) {
      return of(normal(origin));
    }

    /** A Host does not say by which scheme it was reached. */
    static Authority ofHost(String host, String scheme) {
      return of(scheme + "://" + normal(host));
    }

    private static Authority of(String text) {
      URI uri = parse(text);
      String host = uri.getHost();
      if (host == null
          || uri.getScheme() == null
          || !text.endsWith("://" + uri.getRawAuthority())
          || text.contains("@")) {
        return NONE;
      }
      return switch (uri.getScheme()) {
        case "http" -> new Authority("http", host, uri.getPort() == -1 ? 80 : uri.getPort());
        case "https" -> new Authority("https", host, uri.getPort() == -1 ? 443 : uri.getPort());
        default -> NONE;
      };
    }

    private static URI parse(String text) {
      try {
        return new URI(text);
      } catch (URISyntaxException e) {
        return URI.create("");
      }
    }

    boolean isNone() {
      return host.isEmpty();
    }

    boolean isAddress() {
      return host.startsWith("[") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }
  }
}
