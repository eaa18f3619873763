package io.roomcast.auth;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Keys for tests. */
final class Keys {
  private Keys() {}

  /** A new pair; the size counts for RSA and EC. */
  static KeyPair pair(String kind, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      if (size > 0) {
        generator.initialize(size);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String pem(String label, Key key) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(key.getEncoded()), label);
  }
}
