package io.roomcast.config;

import java.util.List;

/**
 * How tokens are checked. Text that is not set is empty.
 *
 * @param secret signs tokens (HS256)
 * @param keyFiles files with public keys, JSON Web Keys or PEM
 * @param keysUrl where a JSON Web Key Set is fetched from
 * @param issuer what a token's {@code iss} must be; empty for anything
 * @param audience what a token's {@code aud} must be or have; empty for anything
 * @param inUrl whether a token may be shown in a request's URL, where proxies and logs may keep it
 */
public record TokenConfig(
    String secret,
    List<String> keyFiles,
    String keysUrl,
    String issuer,
    String audience,
    boolean inUrl) {

  /** Bytes that a secret for HS256 needs at least (RFC 7518, 3.2). */
  public static final int SECRET_BYTES = 32;

  /** Tokens are not asked for. */
  public static final TokenConfig NONE = new TokenConfig("", List.of(), "", "", "", false);

  /** Makes it; see {@link #check}. */
  public TokenConfig {
    keyFiles = List.copyOf(keyFiles);
  }

  /**
   * Refuses what cannot work.
   *
   * @throws IllegalArgumentException saying what
   */
  public TokenConfig check() {
    if (!secret.isEmpty() && secret.length() < SECRET_BYTES) {
      throw new IllegalArgumentException(
          "the token secret must have at least " + SECRET_BYTES + " characters");
    }
    return this;
  }

  /** Whether there is a key to check tokens with; otherwise clients need none. */
  public boolean any() {
    return !secret.isEmpty() || !keyFiles.isEmpty() || !keysUrl.isEmpty();
  }

  /** The same with another secret. */
  public TokenConfig withSecret(String value) {
    return new TokenConfig(value, keyFiles, keysUrl, issuer, audience, inUrl);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "TokenConfig[secret=%s, keyFiles=%s, keysUrl=%s, issuer=%s, audience=%s, inUrl=%s]"
        .formatted(!secret.isEmpty(), keyFiles, keysUrl, issuer, audience, inUrl);
  }
}
