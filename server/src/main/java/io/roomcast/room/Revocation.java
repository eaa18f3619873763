package io.roomcast.room;

import io.roomcast.protocol.WireLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is not good any more, although its signature is. Refuses what is out of its bounds, since it
 * may have come from anywhere.
 *
 * @param value a user's id, a session's name, or a token's id
 * @param atMillis when it was said, ms since the epoch: a user's later tokens are good
 * @param untilMillis how long it is remembered, ms since the epoch: no token of before lives longer
 */
public record Revocation(Kind kind, String value, long atMillis, long untilMillis) {
  /** How long one may be remembered, in ms: 30 days. */
  public static final long LONGEST_MILLIS = 30L * 24 * 3600 * 1000;

  /** What is revoked. */
  public enum Kind {
    /** Every token of a user that was made before. */
    USER("user"),
    /** The session of that name, and others that take it. */
    SESSION("session"),
    /** One token, by its {@code jti}. */
    TOKEN("token");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As the server API names it. */
    public String word() {
      return word;
    }

    /** The kind of a word, if it is one. */
    public static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
  }

  /** Makes it. */
  public Revocation {
    require(
        !value.isEmpty()
            && value.getBytes(StandardCharsets.UTF_8).length <= WireLimits.NAME_BYTES
            && value.chars().noneMatch(Character::isISOControl),
        "a name of 1 to " + WireLimits.NAME_BYTES + " bytes without control characters");
    require(
        atMillis >= 0 && untilMillis > atMillis && untilMillis - atMillis <= LONGEST_MILLIS,
        "a time of at most 30 days");
  }

  private static void require(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected);
    }
  }
}
