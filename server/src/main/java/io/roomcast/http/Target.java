package io.roomcast.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request is aimed at. Dots in a path stand for themselves: a room may be called {@code ..}.
 *
 * @param path the parts between the slashes, each decoded after they were split, so that a room's
 *     name may have an encoded slash
 * @param query the parameters, decoded
 */
record Target(List<String> path, Map<String, String> query) {

  /** Reads a request's target, in origin form or in the absolute form that proxies use. */
  static Target parse(String uri) throws Problem {
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        throw Problem.malformed("the request's target has a character that must be encoded");
      }
    }
    String origin = originForm(uri);
    if (!origin.startsWith("/")) {
      throw Problem.malformed("the request's target must begin with a slash");
    }
    int mark = origin.indexOf('?');
    String path = mark < 0 ? origin : origin.substring(0, mark);
    String query = mark < 0 ? "" : origin.substring(mark + 1);
    return new Target(segments(path), parameters(query));
  }

  private static String originForm(String uri) {
    for (String scheme : List.of("http://", "https://")) {
      if (uri.regionMatches(true, 0, scheme, 0, scheme.length())) {
        int slash = uri.indexOf('/', scheme.length());
        return slash < 0 ? "/" : uri.substring(slash);
      }
    }
    return uri;
  }

  private static List<String> segments(String path) throws Problem {
    List<String> segments = new ArrayList<>();
    int from = 1;
    for (int slash; (slash = path.indexOf('/', from)) >= 0; from = slash + 1) {
      segments.add(Percent.decode(path.substring(from, slash)));
    }
    segments.add(Percent.decode(path.substring(from)));
    return List.copyOf(segments);
  }

  private static Map<String, String> parameters(String query) throws Problem {
    Map<String, String> parameters = new HashMap<>();
    for (int from = 0; from < query.length(); ) {
      int and = query.indexOf('&', from);
      int end = and < 0 ? query.length() : and;
      int equals = query.indexOf('=', from);
      int split = equals < 0 || equals > end ? end : equals;
      String name = Percent.decodeQuery(query.substring(from, split));
      String value = Percent.decodeQuery(query.substring(Math.min(split + 1, end), end));
      if (!name.isEmpty() && parameters.put(name, value) != null) {
        throw Problem.malformed("a query parameter is given twice");
      }
      from = end + 1;
    }
    return Map.copyOf(parameters);
  }

  /** A parameter's value, or empty. */
  String query(String name) {
    return query.getOrDefault(name, "");
  }
}
