package io.roomcast.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Ed25519 by the JDK: the token library has it only with another library beside it. */
final class Ed25519 {
  private static final String NAME = "Ed25519";
  private static final int KEY_BYTES = 32;

  /** What stands before the 32 bytes of a key in its usual encodings (RFC 8410). */
  private static final byte[] PUBLIC = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final byte[] PRIVATE = HexFormat.of().parseHex("302e020100300506032b657004220420");

  private Ed25519() {}

  static PublicKey publicKey(OctetKeyPair pair) {
    try {
      return KeyFactory.getInstance(NAME)
          .generatePublic(new X509EncodedKeySpec(join(PUBLIC, pair.getDecodedX())));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("an Ed25519 key that cannot be used", e);
    }
  }

  static PrivateKey privateKey(OctetKeyPair pair) {
    try {
      return KeyFactory.getInstance(NAME)
          .generatePrivate(new PKCS8EncodedKeySpec(join(PRIVATE, pair.getDecodedD())));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("an Ed25519 key that cannot be used", e);
    }
  }

  /** The key's own bytes. */
  static Base64URL bytes(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Base64URL.encode(
        Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
  }

  private static byte[] join(byte[] first, byte[] key) {
    byte[] out = Arrays.copyOf(first, first.length + key.length);
    System.arraycopy(key, 0, out, first.length, key.length);
    return out;
  }

  /** Checks signatures. Thread-safe. */
  static final class Verifier extends EdDSAProvider implements JWSVerifier {
    private final PublicKey key;

    Verifier(PublicKey key) {
      this.key = key;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature)
        throws JOSEException {
      try {
        Signature check = Signature.getInstance(NAME);
        check.initVerify(key);
        check.update(input);
        return check.verify(signature.decode());
      } catch (SignatureException e) {
        return false;
      } catch (GeneralSecurityException e) {
        throw new JOSEException("cannot check Ed25519", e);
      }
    }
  }

  /** Signs. Thread-safe. */
  static final class Signer extends EdDSAProvider implements JWSSigner {
    private final PrivateKey key;

    Signer(PrivateKey key) {
      this.key = key;
    }

    @Override
    public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
      try {
        Signature sign = Signature.getInstance(NAME);
        sign.initSign(key);
        sign.update(input);
        return Base64URL.encode(sign.sign());
      } catch (GeneralSecurityException e) {
        throw new JOSEException("cannot sign with Ed25519", e);
      }
    }
  }
}
