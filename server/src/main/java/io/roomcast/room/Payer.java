package io.roomcast.room;

import java.util.Locale;

/** Whose allowance something is taken from, the narrowest first. The closed list. */
public enum Payer {
  /** One sender in one room, by the room's rules. */
  SENDER("this sender"),
  SESSION("this session"),
  USER("this user"),
  /** Where a client comes from. */
  ADDRESS("this address"),
  NODE("this node");

  private final String text;

  Payer(String text) {
    this.text = text;
  }

  /** As it stands in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** In words, for people. */
  String text() {
    return text;
  }
}
