package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Cluster;
import io.roomcast.room.Keyring;
import io.roomcast.room.Ruling;
import io.roomcast.room.Scope;

/**
 * What backends and operators use: who of them may do what, the nodes that it is done on, and which
 * rules hold on this one.
 *
 * @param local whether the server listens on loopback alone and asks nobody for anything: then its
 *     own machine may do everything, while there are no keys
 */
public record ServerApi(Keyring keyring, Cluster cluster, Ruling ruling, boolean local) {
  private static final String SCHEME = "Bearer ";

  /** Whether the request shows an API key, good or not. */
  boolean shown(HttpHeaders headers) {
    return credential(headers).startsWith(Keyring.PREFIX);
  }

  private static String credential(HttpHeaders headers) {
    String header = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).trim()
        : "";
  }

  /** Lets pass who has a key with this scope. */
  void check(HttpHeaders headers, Scope scope) throws Problem {
    if (local && keyring.isEmpty()) {
      return;
    }
    if (!shown(headers)) {
      throw unauthorized(
          "an API key with the scope "
              + scope.word()
              + " is needed: Authorization: Bearer "
              + Keyring.PREFIX
              + "…"
              + (keyring.isEmpty() ? "; this server has none (--api-key)" : ""),
          "Bearer");
    }
    Keyring.Grant grant;
    try {
      grant = keyring.check(credential(headers));
    } catch (Authenticator.Refused e) {
      throw unauthorized(String.valueOf(e.getMessage()), "Bearer error=\"invalid_token\"");
    }
    if (!grant.scopes().contains(scope)) {
      throw Problem.of(
          HttpResponseStatus.FORBIDDEN,
          ErrorCode.FORBIDDEN,
          "the API key " + grant.name() + " does not have the scope " + scope.word());
    }
  }

  private static Problem unauthorized(String detail, String challenge) {
    return Problem.of(HttpResponseStatus.UNAUTHORIZED, ErrorCode.UNAUTHORIZED, detail)
        .with(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
  }
}
