package io.roomcast.room;

import java.util.Arrays;
import java.util.Optional;

/** Who may do something in a room. */
public enum Audience {
  /** Whoever the server lets in: everybody where it is open, who is signed in otherwise. */
  ADMITTED("admitted"),
  /** Everybody, also without a token on a server that asks for one. */
  ANYONE("anyone"),
  /** Who has shown a token that is good. */
  USER("user"),
  /** Whose token, for the connection or for this room, allows it by name. */
  TOKEN("token"),
  /** Only the operator's own programs, by the server API. */
  SERVER("server"),
  /** Whom the operator's own program lets, which is asked each time. */
  WEBHOOK("webhook");

  private final String word;

  Audience(String word) {
    this.word = word;
  }

  /** As rules name it. */
  public String word() {
    return word;
  }

  /** Whether it means anything only where there are keys to check tokens with. */
  boolean needsTokens() {
    return this == USER || this == TOKEN;
  }

  /** The constant of a rule's word, if it is one. {@link #ADMITTED} is what no word says. */
  public static Optional<Audience> of(String word) {
    return Arrays.stream(values())
        .filter(who -> who != ADMITTED && who.word.equals(word))
        .findFirst();
  }
}
