package io.roomcast.room;

import java.util.Locale;

/** What is counted against an allowance. The closed list. */
public enum Cost {
  /** WebSockets and event streams that are there. */
  CONNECTIONS,
  /** Rooms that sessions are in, each session on its own. */
  ROOMS,
  COMMANDS,
  /** Of messages and bodies that come in. */
  BYTES,
  JOINS,
  /** Of one sender to one room. */
  MESSAGES;

  /** As it stands in settings and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
