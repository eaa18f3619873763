package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Origins;

/** Who may use the API: by bearer token, and for web pages by where they come from. */
record Access(Authenticator authenticator, Origins origins) {
  private static final String SCHEME = "Bearer ";

  /** Refuses a web page from elsewhere. */
  void checkOrigin(HttpHeaders headers) throws Problem {
    String origin = headers.get(HttpHeaderNames.ORIGIN, "");
    if (!origins.allowed(origin, headers.get(HttpHeaderNames.HOST, ""))) {
      throw Problem.of(
          HttpResponseStatus.FORBIDDEN,
          ErrorCode.FORBIDDEN,
          "web pages of this origin may not use the server");
    }
  }

  /** Who the caller is. On a server that is open a token is welcome, and not needed. */
  Authenticator.Identity identify(HttpHeaders headers) throws Problem {
    String header = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      if (authenticator.open()) {
        return Authenticator.Identity.ANONYMOUS;
      }
      throw unauthorized("a token is needed: Authorization: Bearer <token>", "Bearer");
    }
    String token = header.substring(SCHEME.length()).trim();
    try {
      if (token.length() > WireLimits.TOKEN_CHARS) {
        throw new Authenticator.Refused("the token is too long");
      }
      return authenticator.check(token);
    } catch (Authenticator.Refused e) {
      throw unauthorized(String.valueOf(e.getMessage()), "Bearer error=\"invalid_token\"");
    }
  }

  private static Problem unauthorized(String detail, String challenge) {
    return Problem.of(HttpResponseStatus.UNAUTHORIZED, ErrorCode.UNAUTHORIZED, detail)
        .with(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
  }
}
