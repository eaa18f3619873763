package io.roomcast.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;

/**
 * A key to sign tokens with.
 *
 * @param id goes into the token as {@code kid}; or empty
 */
record SigningKey(String id, JWSAlgorithm algorithm, JWSSigner signer) {

  static SigningKey secret(byte[] secret) {
    try {
      return new SigningKey("", JWSAlgorithm.HS256, new MACSigner(secret));
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the token secret must have at least 32 bytes", e);
    }
  }

  static SigningKey of(PrivateKey key) {
    try {
      return switch (key) {
        case ECPrivateKey ec -> {
          ECDSASigner signer = new ECDSASigner(ec);
          yield new SigningKey("", signer.supportedECDSAAlgorithm(), signer);
        }
        case PrivateKey rsa when rsa.getAlgorithm().equals("RSA") ->
            new SigningKey("", JWSAlgorithm.RS256, new RSASSASigner(rsa));
        default -> new SigningKey("", JWSAlgorithm.EdDSA, new Ed25519.Signer(key));
      };
    } catch (JOSEException e) {
      throw new IllegalArgumentException("a key that cannot sign tokens", e);
    }
  }

  static SigningKey of(JWK key) {
    if (!key.isPrivate()) {
      throw new IllegalArgumentException("a public key, which cannot sign");
    }
    String id = key.getKeyID() == null ? "" : key.getKeyID();
    // Made for its algorithm and checked by the rules for keys that check.
    JWSAlgorithm algorithm = TokenKey.of(key, true).algorithm();
    try {
      JWSSigner signer =
          switch (key) {
            case RSAKey rsa -> new RSASSASigner(rsa);
            case ECKey ec -> new ECDSASigner(ec);
            case OctetKeyPair edwards -> new Ed25519.Signer(Ed25519.privateKey(edwards));
            case OctetSequenceKey secret -> new MACSigner(secret);
            default -> throw new IllegalArgumentException("a key of an unknown kind");
          };
      return new SigningKey(id, algorithm, signer);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("a key that cannot sign tokens", e);
    }
  }

  /** Without the key itself. */
  @Override
  public String toString() {
    return "SigningKey[" + id + ", " + algorithm + "]";
  }
}
