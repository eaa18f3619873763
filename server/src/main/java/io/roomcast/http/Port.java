package io.roomcast.http;

/** Which of a server's ports a connection came in by, and so what is answered there. */
public enum Port {
  /** The only one: everything. */
  ONLY,
  /** What clients need: rooms by their tokens, health in one word, the page, no API keys. */
  PUBLIC,
  /** What operators and backends need: the server API by its keys, health, metrics. */
  ADMIN;

  /** Whether clients are served, who show tokens or nothing. */
  boolean forClients() {
    return this != ADMIN;
  }

  /** Whether those are served who operate the server, and show API keys. */
  boolean forOperators() {
    return this != PUBLIC;
  }
}
