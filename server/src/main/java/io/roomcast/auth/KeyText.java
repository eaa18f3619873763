package io.roomcast.auth;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys as files have them: a JSON Web Key or a set of them, or PEM blocks ({@code PUBLIC KEY},
 * {@code CERTIFICATE}; to sign with, {@code PRIVATE KEY}).
 */
final class KeyText {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private static final List<String> KINDS = List.of("RSA", "EC", "Ed25519");

  private static final String EXPECTED =
      "expected a JSON Web Key, a set of them, or PEM (PUBLIC KEY or CERTIFICATE)";

  private KeyText() {}

  /**
   * Reads keys.
   *
   * @throws IllegalArgumentException when there are none; the message shows nothing of the text
   */
  static List<JWK> read(String text) {
    List<JWK> keys = text.strip().startsWith("{") ? json(text) : pem(text);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no key in it; " + EXPECTED);
    }
    return keys;
  }

  private static List<JWK> json(String text) {
    try {
      return text.contains("\"keys\"") ? JWKSet.parse(text).getKeys() : List.of(JWK.parse(text));
    } catch (ParseException | RuntimeException e) {
      // Not passed on: its text may repeat the key. Some texts, such as null in place of a key, are
      // no ParseException to the library.
      throw new IllegalArgumentException("not a JSON Web Key");
    }
  }

  private static List<JWK> pem(String text) {
    List<JWK> keys = new ArrayList<>();
    Matcher block = PEM.matcher(text);
    while (block.find()) {
      try {
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        switch (block.group(1)) {
          case "PUBLIC KEY" -> keys.add(jwk((PublicKey) key(new X509EncodedKeySpec(der))));
          case "PRIVATE KEY" ->
              throw new IllegalArgumentException(
                  "a PRIVATE KEY, which signs tokens: a server needs the PUBLIC KEY alone");
          case "CERTIFICATE" ->
              keys.add(
                  jwk(
                      CertificateFactory.getInstance("X.509")
                          .generateCertificate(new ByteArrayInputStream(der))
                          .getPublicKey()));
          default ->
              throw new IllegalArgumentException(
                  "PEM of the kind " + block.group(1) + "; " + EXPECTED);
        }
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("a PEM key that is not RSA, EC or Ed25519", e);
      }
    }
    return keys;
  }

  /**
   * Reads a key to sign with.
   *
   * @throws IllegalArgumentException when there is none; the message shows nothing of the text
   */
  static SigningKey signing(String text) {
    if (text.strip().startsWith("{")) {
      return SigningKey.of(read(text).getFirst());
    }
    Matcher block = PEM.matcher(text);
    if (!block.find() || !block.group(1).equals("PRIVATE KEY")) {
      throw new IllegalArgumentException(
          "no key to sign with; expected a private JSON Web Key, or PEM of the kind PRIVATE KEY");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(2));
      return SigningKey.of((PrivateKey) key(new PKCS8EncodedKeySpec(der)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a PEM key that is not RSA, EC or Ed25519", e);
    }
  }

  private static Key key(KeySpec spec) throws GeneralSecurityException {
    GeneralSecurityException last = new GeneralSecurityException("no key");
    for (String kind : KINDS) {
      try {
        KeyFactory keys = KeyFactory.getInstance(kind);
        return spec instanceof X509EncodedKeySpec
            ? keys.generatePublic(spec)
            : keys.generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw last;
  }

  private static JWK jwk(PublicKey key) throws GeneralSecurityException {
    return switch (key) {
      case RSAPublicKey rsa -> new RSAKey.Builder(rsa).build();
      case ECPublicKey ec ->
          new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).build();
      case PublicKey other when other.getAlgorithm().startsWith("Ed") ->
          new OctetKeyPair.Builder(Curve.Ed25519, Ed25519.bytes(other)).build();
      default -> throw new GeneralSecurityException("a kind of key that signs no tokens");
    };
  }
}
