package io.roomcast.websocket;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.roomcast.room.Authenticator;
import java.util.List;

/**
 * The token in a handshake: in the header {@code Authorization}; for web pages, which cannot set
 * that, as a subprotocol beside {@value #PROTOCOL}; or in the URL, where the server allows it.
 *
 * @param token or empty
 * @param protocol whether the client offers {@value #PROTOCOL}, which is then the chosen one
 * @param status of the answer when there is a flaw
 * @param flaw why the handshake is refused, or empty
 */
record ShownToken(String token, boolean protocol, HttpResponseStatus status, String flaw) {
  /** The subprotocol. */
  static final String PROTOCOL = "roomcast.v1";

  /** What a subprotocol that is a token begins with; it is never chosen, and so never repeated. */
  private static final String PROTOCOL_TOKEN = "roomcast.token.";

  private static final String PARAMETER = "access_token";
  private static final String BEARER = "Bearer ";

  static ShownToken of(HttpRequest request, Authenticator authenticator) {
    HttpHeaders headers = request.headers();
    boolean protocol = false;
    String offered = "";
    for (String list : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
      for (String name : list.split(",", -1)) {
        String word = name.strip();
        protocol |= word.equals(PROTOCOL);
        offered =
            word.startsWith(PROTOCOL_TOKEN) ? word.substring(PROTOCOL_TOKEN.length()) : offered;
      }
    }
    if (!offered.isEmpty() && !protocol) {
      return flawed(
          HttpResponseStatus.BAD_REQUEST,
          "offer the subprotocol " + PROTOCOL + " beside the token");
    }
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return shown(authorization.substring(BEARER.length()).trim(), protocol);
    }
    String inUrl = offered.isEmpty() ? inUrl(request.uri()) : "";
    if (!inUrl.isEmpty() && !authenticator.open() && !authenticator.inUrl()) {
      return flawed(
          HttpResponseStatus.UNAUTHORIZED,
          "no token in the URL, but in the command connect or the header Authorization");
    }
    return shown(offered.isEmpty() && authenticator.inUrl() ? inUrl : offered, protocol);
  }

  private static ShownToken shown(String token, boolean protocol) {
    return new ShownToken(token, protocol, HttpResponseStatus.SWITCHING_PROTOCOLS, "");
  }

  private static ShownToken flawed(HttpResponseStatus status, String flaw) {
    return new ShownToken("", false, status, flaw);
  }

  private static String inUrl(String uri) {
    if (!uri.contains(PARAMETER)) {
      return "";
    }
    try {
      List<String> values = new QueryStringDecoder(uri).parameters().get(PARAMETER);
      return values == null || values.size() != 1 ? "" : values.get(0);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "ShownToken[" + (token.isEmpty() ? "none" : "one") + ", protocol=" + protocol + "]";
  }
}
