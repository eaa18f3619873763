package io.roomcast.auth;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Action;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Kind;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Grants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a token says, once its signature is known to be good. Claims that are not known are passed
 * over; a known one that is given twice, or is not what it must be, spoils the token.
 */
final class Claims {
  /** Rooms that a token may name. */
  static final int MOST_ROOMS = 256;

  /** In seconds, beyond which a time is none: the year 5138. */
  private static final double LATEST = 1e11;

  private final byte[] json;
  private final Set<String> seen = new HashSet<>();

  /** In seconds since the epoch; NaN when there is none. */
  private double expires = Double.NaN;

  private double begins = Double.NaN;
  private double issued = Double.NaN;
  private String user = "";
  private String issuer = "";
  private List<String> audience = List.of();
  private String id = "";
  private String info = "";
  private Grants grants = Grants.NONE;

  private Claims(byte[] json) {
    this.json = json;
  }

  /**
   * Reads them.
   *
   * @throws Refused says which claim is wrong
   */
  static Claims read(byte[] json) throws Refused {
    Claims claims = new Claims(json);
    try (JsonParser parser = Json.parser(json, 0, json.length)) {
      if (!Json.isValue(json, 0, json.length) || parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Refused("the token's claims are not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        claims.take(name, parser);
      }
      return claims;
    } catch (IOException e) {
      throw new Refused("the token's claims are not a JSON object");
    }
  }

  private void take(String name, JsonParser parser) throws IOException, Refused {
    switch (name) {
      case "exp" -> expires = time(name, parser);
      case "nbf" -> begins = time(name, parser);
      case "iat" -> issued = time(name, parser);
      case "sub" -> user = text(name, parser);
      case "iss" -> issuer = text(name, parser);
      case "jti" -> id = text(name, parser);
      case "aud" -> audience = audience(name, parser);
      case "info" -> info = info(name, parser);
      case "rooms" -> grants = rooms(name, parser);
      default -> parser.skipChildren();
    }
  }

  private void once(String name) throws Refused {
    if (!seen.add(name)) {
      throw new Refused("the token has " + name + " twice");
    }
  }

  private double time(String name, JsonParser parser) throws IOException, Refused {
    once(name);
    double value = parser.currentToken().isNumeric() ? parser.getDoubleValue() : -1;
    if (!(value >= 0 && value <= LATEST)) {
      throw new Refused("the token has a " + name + " that is no time in seconds");
    }
    return value;
  }

  private String text(String name, JsonParser parser) throws IOException, Refused {
    once(name);
    return text(name, parser, WireLimits.NAME_BYTES);
  }

  private static String text(String name, JsonParser parser, int most) throws IOException, Refused {
    String value = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (parser.currentToken() != JsonToken.VALUE_STRING || bytes > most) {
      throw new Refused(
          "the token has a " + name + " that is no string of at most " + most + " bytes");
    }
    return value;
  }

  private List<String> audience(String name, JsonParser parser) throws IOException, Refused {
    once(name);
    int most = WireLimits.TOKEN_CHARS;
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return List.of(text(name, parser, most));
    }
    List<String> all = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      all.add(text(name, parser, most));
    }
    return all;
  }

  private String info(String name, JsonParser parser) throws IOException, Refused {
    once(name);
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    if (end - start > WireLimits.INFO_BYTES) {
      throw new Refused("the token has an info of more than " + WireLimits.INFO_BYTES + " bytes");
    }
    if (!Json.isInfo(json, start, end - start)) {
      throw new Refused("the token has an info of too many levels");
    }
    return new String(json, start, end - start, StandardCharsets.UTF_8);
  }

  private Grants rooms(String name, JsonParser parser) throws IOException, Refused {
    once(name);
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new Refused("the token has rooms that are no object");
    }
    Map<String, Set<Action>> rooms = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String room = parser.currentName();
      parser.nextToken();
      if (rooms.size() == MOST_ROOMS || rooms.put(room, actions(parser)) != null) {
        throw new Refused("the token has more than " + MOST_ROOMS + " rooms, or one twice");
      }
    }
    try {
      return new Grants(rooms);
    } catch (IllegalArgumentException e) {
      throw new Refused("in the token's rooms, " + e.getMessage());
    }
  }

  private static Set<Action> actions(JsonParser parser) throws IOException, Refused {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new Refused("each of the token's rooms needs an array of " + Action.words());
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      actions.add(
          Action.of(text("word in rooms", parser, WireLimits.NAME_BYTES))
              .orElseThrow(
                  () -> new Refused("each of the token's rooms may have " + Action.words())));
    }
    return actions;
  }

  /**
   * Who the token speaks for.
   *
   * @param issuedBy what {@code iss} must be; empty for anything
   * @param meantFor what {@code aud} must be or have; empty for anything
   * @param now ms since the epoch
   * @param skew ms by which clocks may differ
   * @throws Refused when it is not good now, or not meant for this server
   */
  Identity identity(String issuedBy, String meantFor, long now, long skew) throws Refused {
    require(seen.contains("exp"), "the token has no exp");
    long end = millis(expires) + skew;
    require(end > now, "the token has expired");
    require(!seen.contains("nbf") || millis(begins) - skew <= now, "the token is not valid yet");
    // One from the future would outlive the revocation of its user.
    require(
        !seen.contains("iat") || millis(issued) - skew <= now,
        "the token has an iat in the future");
    require(issuedBy.isEmpty() || issuer.equals(issuedBy), "the token has another iss");
    require(meantFor.isEmpty() || audience.contains(meantFor), "the token has another aud");
    long made = seen.contains("iat") ? millis(issued) : 0;
    return new Identity(Kind.USER, user, end, made, id, info, grants);
  }

  private static long millis(double seconds) {
    return (long) (seconds * 1000);
  }

  private static void require(boolean holds, String otherwise) throws Refused {
    if (!holds) {
      throw new Refused(otherwise);
    }
  }
}
