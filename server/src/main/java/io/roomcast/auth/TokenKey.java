package io.roomcast.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.Map;
import java.util.Set;

/**
 * A key that tokens are checked with, and the one algorithm that it is for: what a token says of
 * its algorithm decides nothing. Thread-safe.
 *
 * @param id tells keys apart, or empty
 * @param quick whether checking costs an event loop next to nothing
 */
record TokenKey(String id, JWSAlgorithm algorithm, JWSVerifier verifier, boolean quick) {
  private static final int LEAST_RSA_BITS = 2048;

  private static final Set<JWSAlgorithm> RSA =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  private static final Map<Curve, JWSAlgorithm> EC =
      Map.of(
          Curve.P_256, JWSAlgorithm.ES256,
          Curve.P_384, JWSAlgorithm.ES384,
          Curve.P_521, JWSAlgorithm.ES512);

  private static final Map<JWSAlgorithm, Integer> HMAC_BYTES =
      Map.of(JWSAlgorithm.HS256, 32, JWSAlgorithm.HS384, 48, JWSAlgorithm.HS512, 64);

  /** A shared secret, for HS256. */
  static TokenKey secret(byte[] secret) {
    return mac("", JWSAlgorithm.HS256, secret);
  }

  private static TokenKey mac(String id, JWSAlgorithm algorithm, byte[] secret) {
    int least = HMAC_BYTES.getOrDefault(algorithm, Integer.MAX_VALUE);
    if (secret.length < least) {
      throw new IllegalArgumentException("the token secret must have at least " + least + " bytes");
    }
    try {
      return new TokenKey(id, algorithm, new MACVerifier(secret), true);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the token secret cannot be used", e);
    }
  }

  /**
   * The public half of a key; of an own file also a secret one.
   *
   * @param own whether the key comes from the operator's own file, and not from somewhere else
   * @throws IllegalArgumentException when it is not for checking signatures, is too weak, or has
   *     another algorithm than keys of its kind; the message shows nothing of the key
   */
  static TokenKey of(JWK jwk, boolean own) {
    boolean signs = jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE);
    boolean verifies =
        jwk.getKeyOperations() == null
            || jwk.getKeyOperations().contains(KeyOperation.VERIFY)
            || jwk.getKeyOperations().contains(KeyOperation.SIGN);
    require(signs && verifies, "a key that is not for signatures");
    String id = jwk.getKeyID() == null ? "" : jwk.getKeyID();
    try {
      return switch (jwk) {
        case RSAKey rsa -> rsa(id, rsa);
        case ECKey ec -> ec(id, ec);
        case OctetKeyPair edwards -> edwards(id, edwards);
        case OctetSequenceKey secret -> {
          require(own, "a secret where only public keys belong");
          yield mac(id, algorithm(secret, JWSAlgorithm.HS256), secret.toByteArray());
        }
        default -> throw new IllegalArgumentException("a key of an unknown kind");
      };
    } catch (JOSEException e) {
      throw new IllegalArgumentException("a key that cannot be used", e);
    }
  }

  private static TokenKey rsa(String id, RSAKey key) throws JOSEException {
    require(key.size() >= LEAST_RSA_BITS, "an RSA key of less than " + LEAST_RSA_BITS + " bits");
    JWSAlgorithm algorithm = algorithm(key, JWSAlgorithm.RS256);
    require(RSA.contains(algorithm), "an RSA key with an algorithm of other keys");
    return new TokenKey(id, algorithm, new RSASSAVerifier(key.toRSAPublicKey()), false);
  }

  private static TokenKey ec(String id, ECKey key) throws JOSEException {
    JWSAlgorithm expected = EC.get(key.getCurve());
    if (expected == null) {
      throw new IllegalArgumentException("an EC key of another curve than P-256, P-384, P-521");
    }
    require(algorithm(key, expected).equals(expected), "an EC key with an algorithm of others");
    return new TokenKey(id, expected, new ECDSAVerifier(key.toECPublicKey()), false);
  }

  private static TokenKey edwards(String id, OctetKeyPair key) {
    require(key.getCurve().equals(Curve.Ed25519), "an OKP key of another curve than Ed25519");
    return new TokenKey(
        id, JWSAlgorithm.EdDSA, new Ed25519.Verifier(Ed25519.publicKey(key)), false);
  }

  private static JWSAlgorithm algorithm(JWK key, JWSAlgorithm otherwise) {
    return key.getAlgorithm() == null
        ? otherwise
        : JWSAlgorithm.parse(key.getAlgorithm().getName());
  }

  /** Whether a token with this header may be meant for the key. */
  boolean suits(JWSHeader header) {
    JWSAlgorithm said = header.getAlgorithm();
    boolean same =
        said.equals(JWSAlgorithm.Ed25519)
            ? algorithm.equals(JWSAlgorithm.EdDSA)
            : said.equals(algorithm);
    return same && (id.isEmpty() || header.getKeyID() == null || id.equals(header.getKeyID()));
  }

  /** Without the key itself. */
  @Override
  public String toString() {
    return "TokenKey[" + id + ", " + algorithm + "]";
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
