package io.roomcast.websocket;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The negotiation of permessage-deflate (RFC 7692): an offer is taken when this server can do what
 * it asks for. No context is kept in either direction, so that a broadcast is compressed once for
 * all and a connection holds no window.
 */
final class Extensions {
  private static final String DEFLATE = "permessage-deflate";

  /** The answer to an offer that is taken. */
  static final String ACCEPTED =
      DEFLATE + "; server_no_context_takeover; client_no_context_takeover";

  private Extensions() {}

  /** Whether one of the offers, over all header fields, can be taken. */
  static boolean deflate(List<String> headers) {
    for (String header : headers) {
      for (String offer : header.split(",", -1)) {
        if (acceptable(offer)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean acceptable(String offer) {
    String[] parts = offer.split(";", -1);
    if (!parts[0].trim().equals(DEFLATE)) {
      return false;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      String name = pair[0].trim().toLowerCase(Locale.ROOT);
      String value = pair.length == 1 ? "" : unquoted(pair[1].trim());
      if (!seen.add(name) || !known(name, pair.length == 2, value)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a parameter is one, and can be obeyed: windows smaller than 15 bits cannot be made. */
  private static boolean known(String name, boolean hasValue, String value) {
    return switch (name) {
      case "server_no_context_takeover", "client_no_context_takeover" -> !hasValue;
      case "client_max_window_bits" -> !hasValue || value.matches("8|9|1[0-5]");
      case "server_max_window_bits" -> value.equals("15");
      default -> false;
    };
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
