package io.roomcast.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate that can be served: with those that vouch for it, and the key that it speaks of.
 *
 * @param chain the server's own first
 */
record ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /** Also where the block has headers, as an encrypted key of the older form does. */
  private static final Pattern KEY = Pattern.compile("-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----");

  private static final String EXPECTED =
      "expected PKCS#8 without a password (BEGIN PRIVATE KEY); openssl pkcs8 -topk8 -nocrypt -in OLD"
          + " -out NEW makes it";
  private static final int LEAST_RSA_BITS = 2048;

  /** Puts together what two files say; they are called by their names where something is wrong. */
  static ServerCertificate of(String chainFile, String chain, String keyFile, String key) {
    List<X509Certificate> certificates = chain(chainFile, chain);
    PublicKey its = certificates.getFirst().getPublicKey();
    if (!its.getAlgorithm().equals("RSA") && !its.getAlgorithm().equals("EC")) {
      throw new IllegalArgumentException(
          chainFile
              + " has a certificate for a key of the kind "
              + its.getAlgorithm()
              + "; expected RSA or EC");
    }
    if (its instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
      throw new IllegalArgumentException(
          chainFile
              + " has a certificate for an RSA key of fewer than "
              + LEAST_RSA_BITS
              + " bits");
    }
    PrivateKey secret = key(keyFile, key, its.getAlgorithm());
    if (!belongs(secret, its)) {
      throw new IllegalArgumentException(
          keyFile + " is not the key of the first certificate in " + chainFile);
    }
    return new ServerCertificate(List.copyOf(certificates), secret);
  }

  private static List<X509Certificate> chain(String file, String text) {
    List<X509Certificate> chain = new ArrayList<>();
    Matcher block = PEM.matcher(text);
    while (block.find()) {
      if (block.group(1).equals("CERTIFICATE")) {
        chain.add(certificate(file, block.group(2)));
      }
    }
    if (chain.isEmpty()) {
      throw new IllegalArgumentException(
          file + " has no certificate; expected PEM (BEGIN CERTIFICATE), the server's own first");
    }
    return chain;
  }

  private static X509Certificate certificate(String file, String base64) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IllegalArgumentException(file + " has a CERTIFICATE that is not X.509", e);
    }
  }

  private static PrivateKey key(String file, String text, String algorithm) {
    Matcher head = KEY.matcher(text);
    if (!head.find()) {
      throw new IllegalArgumentException(file + " has no private key; " + EXPECTED);
    }
    String kind = head.group(1).trim();
    if (kind.equals("ENCRYPTED") || text.contains("Proc-Type: 4,ENCRYPTED")) {
      throw new IllegalArgumentException(file + " has a key with a password; " + EXPECTED);
    }
    if (!kind.isEmpty()) {
      throw new IllegalArgumentException(
          file + " has a key of the kind " + kind + " PRIVATE KEY (PKCS#1 or SEC 1); " + EXPECTED);
    }
    Matcher block = PEM.matcher(text).region(head.start(), text.length());
    try {
      if (block.lookingAt()) {
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not passed on: its text may repeat the key.
    }
    throw new IllegalArgumentException(
        file
            + " has no private key of the kind "
            + algorithm
            + ", as the certificate is for; "
            + EXPECTED);
  }

  private static boolean belongs(PrivateKey secret, PublicKey shown) {
    byte[] proof = "roomcast".getBytes(StandardCharsets.US_ASCII);
    String kind = shown.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      Signature sign = Signature.getInstance(kind);
      sign.initSign(secret);
      sign.update(proof);
      byte[] signed = sign.sign();
      Signature verify = Signature.getInstance(kind);
      verify.initVerify(shown);
      verify.update(proof);
      return verify.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Whom it is for, as people write it. */
  String subject() {
    return chain.getFirst().getSubjectX500Principal().getName();
  }

  Instant begins() {
    return chain.getFirst().getNotBefore().toInstant();
  }

  /** When it ends to be good: it, or the first of those that vouch for it. */
  Instant expires() {
    Instant first = chain.getFirst().getNotAfter().toInstant();
    for (X509Certificate one : chain) {
      Instant end = one.getNotAfter().toInstant();
      first = end.isBefore(first) ? end : first;
    }
    return first;
  }
}
