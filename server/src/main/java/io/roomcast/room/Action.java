package io.roomcast.room;

import java.util.Arrays;
import java.util.Optional;

/** What somebody may be allowed to do in a room. */
public enum Action {
  /** Become a member, and so receive what is sent from then on. */
  JOIN("join", 1),
  /** Send messages; needs no membership. */
  SEND("send", 2),
  /** See who is in it. */
  MEMBERS("members", 4),
  /** Read what was sent earlier, where the room keeps a log. */
  HISTORY("history", 8);

  private final String word;
  private final int bit;

  Action(String word, int bit) {
    this.word = word;
    this.bit = bit;
  }

  /** As rules and tokens name it. */
  public String word() {
    return word;
  }

  int bit() {
    return bit;
  }

  /** The action of a word, if it is one. */
  public static Optional<Action> of(String word) {
    return Arrays.stream(values()).filter(action -> action.word.equals(word)).findFirst();
  }

  /** All words, for people. */
  public static String words() {
    return "join, send, members or history";
  }
}
