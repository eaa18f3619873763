package io.roomcast.room;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What an API key may be used for. */
public enum Scope {
  /** To send to rooms. */
  PUBLISH,
  /** To read rooms, their members and logs, sessions, and the state of the nodes. */
  READ,
  /** To disconnect users and sessions, to let them join rooms and to take them out. */
  CONTROL,
  /** To give all nodes other rules. */
  ADMIN;

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The scope of a word.
   *
   * @throws IllegalArgumentException saying which words there are
   */
  public static Scope of(String word) {
    for (Scope scope : values()) {
      if (scope.word().equals(word)) {
        return scope;
      }
    }
    String words = Arrays.stream(values()).map(Scope::word).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("no scope \"" + word + "\"; expected one of " + words);
  }
}
