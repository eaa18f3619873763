package io.roomcast.http;

import java.util.List;

/**
 * One line of the table of routes.
 *
 * @param method {@code GET}, which answers {@code HEAD} as well, or {@code POST}
 * @param path the parts between the slashes; <code>{room}</code> stands for any
 */
record Route(String method, List<String> path, Handler handler) {
  private static final String ANY = "{room}";

  /** Answers requests. Called on the connection's lane; must not block. */
  @FunctionalInterface
  interface Handler {
    /** Answers by the exchange, now or later, exactly once; or throws what to answer. */
    void handle(Exchange exchange) throws Problem;
  }

  static Route get(String path, Handler handler) {
    return new Route("GET", List.of(path.substring(1).split("/", -1)), handler);
  }

  static Route post(String path, Handler handler) {
    return new Route("POST", List.of(path.substring(1).split("/", -1)), handler);
  }

  boolean matches(List<String> segments) {
    if (segments.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!path.get(i).equals(ANY) && !path.get(i).equals(segments.get(i))) {
        return false;
      }
    }
    return true;
  }

  boolean takes(String requested) {
    return method.equals(requested) || (method.equals("GET") && requested.equals("HEAD"));
  }

  /** For the header {@code Allow}. */
  String allow() {
    return method.equals("GET") ? "GET, HEAD" : method;
  }
}
