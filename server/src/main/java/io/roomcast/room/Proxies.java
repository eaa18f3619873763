package io.roomcast.room;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Networks whose word for a client's address is taken, and where a client comes from by it: the
 * right-most address of {@code X-Forwarded-For} that is not of such a network. Whatever stands left
 * of it the client may have made up. Immutable.
 */
public final class Proxies {
  /** Nobody's word is taken. */
  public static final Proxies NONE = new Proxies(List.of());

  private static final int IPV4 = 4;

  /** Bytes of an IPv6 address that are the client's network; the rest it chooses by itself. */
  private static final int NETWORK = 8;

  private final List<String> lines;
  private final List<Network> networks;

  /** An address, of which so many bits count. */
  private record Network(byte[] address, int bits) {
    boolean has(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if (((address[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Reads networks.
   *
   * @param lines addresses, or {@code 10.0.0.0/8} and the like
   * @throws IllegalArgumentException when one is none; the message says which
   */
  public Proxies(List<String> lines) {
    List<Network> read = new ArrayList<>();
    for (String line : lines) {
      int slash = line.indexOf('/');
      byte[] address = literal(slash < 0 ? line : line.substring(0, slash));
      String bits = slash < 0 ? "128" : line.substring(slash + 1);
      int most = address == null ? 0 : address.length * 8;
      int number = bits.matches("[0-9]{1,3}") ? Integer.parseInt(bits) : -1;
      if (address == null || number < 0 || (slash >= 0 && number > most)) {
        throw new IllegalArgumentException(
            "a trusted proxy is an address or a network such as 10.0.0.0/8, not \"" + line + "\"");
      }
      read.add(new Network(address, Math.min(number, most)));
    }
    this.lines = List.copyOf(lines);
    networks = List.copyOf(read);
  }

  /** Whether any is trusted. */
  public boolean any() {
    return !networks.isEmpty();
  }

  /**
   * Where a client comes from.
   *
   * @param peer the other end of the connection
   * @param forwarded values of {@code X-Forwarded-For}, in their order
   * @return an IPv4 address, or an IPv6 network, in a form of our own
   */
  public String client(InetAddress peer, List<String> forwarded) {
    byte[] client = peer.getAddress();
    List<String> hops = new ArrayList<>();
    if (any()) {
      forwarded.forEach(value -> hops.addAll(List.of(value.split(",", -1))));
    }
    for (int i = hops.size() - 1; i >= 0 && trusted(client); i--) {
      byte[] before = literal(withoutPort(hops.get(i).strip()));
      if (before == null) {
        break;
      }
      client = before;
    }
    return text(client);
  }

  private boolean trusted(byte[] address) {
    return networks.stream().anyMatch(network -> network.has(address));
  }

  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }

  private static String text(byte[] address) {
    if (address.length != IPV4) {
      return HexFormat.of().formatHex(address, 0, NETWORK) + "/64";
    }
    return (address[0] & 255)
        + "."
        + (address[1] & 255)
        + "."
        + (address[2] & 255)
        + "."
        + (address[3] & 255);
  }

  /** An address as it is written, never a name: nobody is to be asked for one. */
  private static byte @Nullable [] literal(String text) {
    if (text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
      byte[] address = new byte[IPV4];
      String[] parts = text.split("\\.", -1);
      for (int i = 0; i < IPV4; i++) {
        int part = Integer.parseInt(parts[i]);
        if (part > 255) {
          return null;
        }
        address[i] = (byte) part;
      }
      return address;
    }
    if (!text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      return null;
    }
    try {
      // In brackets it is an address or refused. What stands for an IPv4 address becomes one.
      return InetAddress.getByName("[" + text + "]").getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Proxies proxies && proxies.lines.equals(lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }
}
