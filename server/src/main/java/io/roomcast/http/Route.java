package io.roomcast.http;

import java.util.Arrays;
import java.util.List;

/**
 * One line of the table of routes.
 *
 * @param method {@code GET}, which answers {@code HEAD} as well, or another
 * @param path the parts between the slashes; what is in braces, such as <code>{room}</code>, stands
 *     for any
 */
record Route(String method, List<String> path, Handler handler) {
  /** Answers requests. Called on the connection's lane; must not block. */
  @FunctionalInterface
  interface Handler {
    /** Answers by the exchange, now or later, exactly once; or throws what to answer. */
    void handle(Exchange exchange) throws Problem;
  }

  static Route get(String path, Handler handler) {
    return of("GET", path, handler);
  }

  static Route post(String path, Handler handler) {
    return of("POST", path, handler);
  }

  static Route put(String path, Handler handler) {
    return of("PUT", path, handler);
  }

  static Route delete(String path, Handler handler) {
    return of("DELETE", path, handler);
  }

  private static Route of(String method, String path, Handler handler) {
    return new Route(method, Arrays.asList(path.substring(1).split("/", -1)), handler);
  }

  private static boolean any(String part) {
    return part.startsWith("{");
  }

  boolean matches(List<String> segments) {
    if (segments.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!any(path.get(i)) && !path.get(i).equals(segments.get(i))) {
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
