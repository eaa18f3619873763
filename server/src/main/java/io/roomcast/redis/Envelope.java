package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.Utf8;
import io.roomcast.room.DropReason;
import io.roomcast.room.Publication;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What travels through a room's channel, as far as it can be understood without knowing the room.
 *
 * <p>A node publishes {@code rc1}, tokens of the form {@code key=value}, each after a space, a
 * newline, and the JSON that clients receive:
 *
 * <pre>
 *   rc1 not=0a1b2c
 *   {"type":"message","room":"room1","message":"hi"}
 * </pre>
 *
 * <p>{@code not} is the session that does not get it, {@code at} its position in the room's log.
 *
 * <p>Tokens that are not known are passed over, so that a newer node may add some; what would
 * change the meaning for older ones gets another version word. Whatever does not begin with {@code
 * rc} and a number is somebody else's: a JSON value, or else text.
 *
 * <p>Nothing here trusts what it reads, and nothing throws.
 */
sealed interface Envelope {
  /** How much longer than a value the JSON around it may make an event, in bytes. */
  int SURPLUS = 2048;

  /** The same of a whole envelope, its header included. */
  int MOST_SURPLUS = SURPLUS + Header.MAX_BYTES + 1;

  /**
   * A node's; {@code json} is one JSON value, still to be compared with the room's name.
   *
   * @param position its place in the room's log, or {@link Position#NONE}
   */
  record Own(byte[] json, String exclude, Position position) implements Envelope {}

  /** Somebody else's: {@code value} is one JSON value. */
  record Foreign(byte[] value) implements Envelope {}

  /** What cannot be passed on. */
  record Flawed(DropReason reason) implements Envelope {}

  Flawed MALFORMED = new Flawed(DropReason.BROKER_MALFORMED);
  Flawed TOO_LARGE = new Flawed(DropReason.BROKER_TOO_LARGE);

  /** The bytes to publish. */
  static byte[] write(Publication publication) {
    byte[] json = publication.json();
    byte[] header = Header.of(publication.exclude());
    byte[] out = Arrays.copyOf(header, header.length + json.length);
    System.arraycopy(json, 0, out, header.length, json.length);
    return out;
  }

  /**
   * Understands what came.
   *
   * @param payload is read, and not kept
   * @param limit bytes of a value
   */
  static Envelope read(ByteBuffer payload, int limit) {
    int version = Header.version(payload);
    if (version == Header.NONE) {
      return foreign(payload, limit);
    }
    return version == 1 ? own(payload, limit) : MALFORMED;
  }

  private static Envelope own(ByteBuffer payload, int limit) {
    int start = payload.position();
    int end = Header.end(payload);
    if (end < 0) {
      return MALFORMED;
    }
    if (payload.limit() - end - 1 > limit + (long) SURPLUS) {
      return TOO_LARGE;
    }
    byte[] header = new byte[end - start];
    payload.get(header);
    payload.get();
    byte[] json = new byte[payload.remaining()];
    payload.get(json);
    if (!Utf8.isValid(header, 0, header.length) || !Json.isValue(json, 0, json.length)) {
      return MALFORMED;
    }
    try {
      return header.length == 3
          ? new Own(json, "", Position.NONE)
          : Header.own(json, new String(header, UTF_8));
    } catch (IllegalArgumentException e) {
      return MALFORMED;
    }
  }

  private static Envelope foreign(ByteBuffer payload, int limit) {
    if (payload.remaining() > limit) {
      return TOO_LARGE;
    }
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    if (Json.isPayload(bytes, 0, bytes.length)) {
      return new Foreign(trimmed(bytes));
    }
    if (!Utf8.isValid(bytes, 0, bytes.length)) {
      return MALFORMED;
    }
    byte[] quoted = Json.quote(new String(bytes, UTF_8));
    return quoted.length > limit ? TOO_LARGE : new Foreign(quoted);
  }

  private static byte[] trimmed(byte[] json) {
    int from = 0;
    int to = json.length;
    while (blank(json[from])) {
      from++;
    }
    while (blank(json[to - 1])) {
      to--;
    }
    return to - from == json.length ? json : Arrays.copyOfRange(json, from, to);
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  /** The first line. */
  final class Header {
    /** Not a node's. */
    static final int NONE = -1;

    /** A version that no node has. */
    private static final int UNKNOWN = 0;

    /** Bytes of a header, the newline not counted. */
    private static final int MAX_BYTES = 1024;

    private static final byte[] PLAIN = "rc1\n".getBytes(UTF_8);
    private static final String EXCLUDE = "not=";
    private static final String AT = "at=";

    private Header() {}

    static byte[] of(String exclude) {
      return exclude.isEmpty() ? PLAIN : ("rc1" + tokens(exclude) + "\n").getBytes(UTF_8);
    }

    /** The tokens behind the version, each after a space. */
    static String tokens(String exclude) {
      return exclude.isEmpty() ? "" : " " + EXCLUDE + URLEncoder.encode(exclude, UTF_8);
    }

    /** The number after {@code rc}, when what follows it is a space or a newline. */
    static int version(ByteBuffer payload) {
      int at = payload.position();
      int limit = payload.limit();
      if (limit - at < 4 || payload.get(at) != 'r' || payload.get(at + 1) != 'c') {
        return NONE;
      }
      int i = at + 2;
      while (i < limit && payload.get(i) >= '0' && payload.get(i) <= '9') {
        i++;
      }
      if (i == at + 2 || i == limit || (payload.get(i) != ' ' && payload.get(i) != '\n')) {
        return NONE;
      }
      return i == at + 3 && payload.get(at + 2) == '1' ? 1 : UNKNOWN;
    }

    /** Where the newline is; negative when there is none within bounds. */
    static int end(ByteBuffer payload) {
      int last = Math.min(payload.limit(), payload.position() + MAX_BYTES + 1);
      for (int i = payload.position(); i < last; i++) {
        if (payload.get(i) == '\n') {
          return i;
        }
      }
      return -1;
    }

    /** What the tokens say. */
    static Envelope own(byte[] json, String header) {
      String exclude = "";
      Position position = Position.NONE;
      for (String token : header.split(" ", -1)) {
        if (token.startsWith(EXCLUDE)) {
          exclude = URLDecoder.decode(token.substring(EXCLUDE.length()), UTF_8);
        } else if (token.startsWith(AT)) {
          position = Position.parse(token.substring(AT.length()));
          if (position.offset() < 1) {
            return MALFORMED;
          }
        }
      }
      return new Own(json, exclude, position);
    }
  }
}
