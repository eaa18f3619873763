package io.roomcast.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Time;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Date;

/**
 * JSON Web Tokens signed with one shared secret. The algorithm is HS256 whatever a token says,
 * {@code exp} is required, and {@code nbf} is kept. Thread-safe.
 */
@SuppressWarnings("JavaUtilDate") // The library's own type for times.
public final class Tokens implements Authenticator {
  /** How far clocks of different machines may be apart. */
  static final Duration SKEW = Duration.ofSeconds(30);

  private final byte[] secret;
  private final MACVerifier verifier;
  private final Time time;

  /**
   * Makes it.
   *
   * @param secret at least 32 bytes of UTF-8
   * @throws IllegalArgumentException when the secret is too short
   */
  public Tokens(String secret, Time time) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.time = time;
    try {
      this.verifier = new MACVerifier(this.secret);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the token secret must have at least 32 bytes", e);
    }
  }

  @Override
  public boolean open() {
    return false;
  }

  @Override
  public Identity check(String token) throws Refused {
    if (token.isEmpty()) {
      throw new Refused("a token is needed");
    }
    if (token.length() > WireLimits.TOKEN_CHARS) {
      throw new Refused("the token is longer than " + WireLimits.TOKEN_CHARS + " characters");
    }
    JWTClaimsSet claims = verified(token);
    Date expires = claims.getExpirationTime();
    if (expires == null) {
      throw new Refused("the token has no exp");
    }
    long now = time.wallMillis();
    long end = expires.getTime() + SKEW.toMillis();
    if (end <= now) {
      throw new Refused("the token has expired");
    }
    Date begins = claims.getNotBeforeTime();
    if (begins != null && begins.getTime() - SKEW.toMillis() > now) {
      throw new Refused("the token is not valid yet");
    }
    String user = claims.getSubject() == null ? "" : claims.getSubject();
    if (user.getBytes(StandardCharsets.UTF_8).length > WireLimits.NAME_BYTES) {
      throw new Refused("the token's sub is longer than " + WireLimits.NAME_BYTES + " bytes");
    }
    return new Identity(user, end);
  }

  private JWTClaimsSet verified(String token) throws Refused {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      boolean good =
          JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm()) && jwt.verify(verifier);
      JWTClaimsSet claims = good ? jwt.getJWTClaimsSet() : null;
      if (claims == null) {
        throw new Refused("the token's signature is not valid for this server");
      }
      return claims;
    } catch (ParseException | JOSEException e) {
      throw new Refused("not a signed JSON Web Token");
    }
  }

  /**
   * Makes a token.
   *
   * @param user whom it speaks for; empty for nobody in particular
   * @param life how long it is good, at least a second
   */
  public String issue(String user, Duration life) {
    long now = time.wallMillis();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issueTime(new Date(now))
            .expirationTime(new Date(now + life.toMillis()));
    if (!user.isEmpty()) {
      claims.subject(user);
    }
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
    try {
      jwt.sign(new MACSigner(secret));
    } catch (JOSEException e) {
      throw new IllegalStateException("HS256 works with every secret of 32 bytes", e);
    }
    return jwt.serialize();
  }
}
