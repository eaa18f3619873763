package io.roomcast.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes tokens that must not be taken, by whom knows all that is public of a server, and some also
 * by whom may sign: those are wrong in what they say.
 */
final class Forger {
  static final String ISSUER = "https://id.example";
  static final String AUDIENCE = "chat";

  private final String secret;
  private final KeyPair rsa;
  private final KeyPair stranger = Keys.pair("RSA", 2048);
  private final long now;
  private final List<Attack> attacks = new ArrayList<>();

  /** One token, and what is wrong with it. */
  record Attack(String name, String token) {}

  /**
   * Knows a server.
   *
   * @param secret with which it checks HS256; used only to sign what is wrong otherwise
   * @param rsa whose public half it checks RS256 with, and has published
   * @param now in seconds
   */
  Forger(String secret, KeyPair rsa, long now) {
    this.secret = secret;
    this.rsa = rsa;
    this.now = now;
  }

  List<Attack> attacks() throws GeneralSecurityException {
    noAlgorithm();
    confusedKeys();
    strangeKeys();
    demands();
    wrongClaims();
    wrongShapes();
    return attacks;
  }

  private void add(String name, String token) {
    attacks.add(new Attack(name, token));
  }

  String goodClaims() {
    return claims("\"exp\":" + (now + 600));
  }

  /** Claims that are good but for these. */
  private String claims(String more) {
    return "{\"sub\":\"admin\",\"iss\":\""
        + ISSUER
        + "\",\"aud\":\""
        + AUDIENCE
        + "\","
        + more
        + "}";
  }

  static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String input(String header, String claims) {
    return part(header.getBytes(UTF_8)) + "." + part(claims.getBytes(UTF_8));
  }

  static String hmac(String algorithm, byte[] key, String input) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key, algorithm));
    return input + "." + part(mac.doFinal(input.getBytes(US_ASCII)));
  }

  private static String signed(String algorithm, PrivateKey key, String input)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(input.getBytes(US_ASCII));
    return input + "." + part(signature.sign());
  }

  /** Rightly signed with the server's own secret. */
  private String own(String header, String claims) throws GeneralSecurityException {
    return hmac("HmacSHA256", secret.getBytes(UTF_8), input(header, claims));
  }

  private String own(String claims) throws GeneralSecurityException {
    return own("{\"alg\":\"HS256\"}", claims);
  }

  private void noAlgorithm() throws GeneralSecurityException {
    for (String none :
        List.of(
            "\"none\"", "\"None\"", "\"NONE\"", "\"nOnE\"", "\"\"", "null", "[\"none\"]", "7")) {
      String header = "{\"alg\":" + none + ",\"typ\":\"JWT\"}";
      add("alg " + none + ", unsigned", input(header, goodClaims()) + ".");
      add("alg " + none + ", signed", own(header, goodClaims()));
    }
    add("no alg", own("{\"typ\":\"JWT\"}", goodClaims()));
    add("no signature", input("{\"alg\":\"HS256\"}", goodClaims()) + ".");
    add("two parts", input("{\"alg\":\"HS256\"}", goodClaims()));
  }

  private void confusedKeys() throws GeneralSecurityException {
    String header = "{\"alg\":\"HS256\"}";
    String pem = Keys.pem("PUBLIC KEY", rsa.getPublic());
    RSAPublicKey key = (RSAPublicKey) rsa.getPublic();
    String jwk = new RSAKey.Builder(key).build().toJSONString();
    String input = input(header, goodClaims());
    add("HMAC with the public key's PEM", hmac("HmacSHA256", pem.getBytes(UTF_8), input));
    add("HMAC with its PEM, stripped", hmac("HmacSHA256", pem.strip().getBytes(UTF_8), input));
    add("HMAC with its DER", hmac("HmacSHA256", key.getEncoded(), input));
    add("HMAC with its modulus", hmac("HmacSHA256", key.getModulus().toByteArray(), input));
    add("HMAC with its JWK", hmac("HmacSHA256", jwk.getBytes(UTF_8), input));
    String rs = input("{\"alg\":\"RS256\"}", goodClaims());
    add("RS256, signed with the secret", hmac("HmacSHA256", secret.getBytes(UTF_8), rs));
    add(
        "RS512 with a key for RS256",
        signed("SHA512withRSA", rsa.getPrivate(), input("{\"alg\":\"RS512\"}", goodClaims())));
    add(
        "ES256, signed with RSA",
        signed("SHA256withRSA", rsa.getPrivate(), input("{\"alg\":\"ES256\"}", goodClaims())));
    add(
        "PS256, signed as RS256",
        signed("SHA256withRSA", rsa.getPrivate(), input("{\"alg\":\"PS256\"}", goodClaims())));
    add(
        "HS384 with the secret",
        hmac("HmacSHA384", secret.getBytes(UTF_8), input("{\"alg\":\"HS384\"}", goodClaims())));
    add(
        "HS512 with the secret",
        hmac("HmacSHA512", secret.getBytes(UTF_8), input("{\"alg\":\"HS512\"}", goodClaims())));
    add(
        "ES256 with r and s of 0",
        input("{\"alg\":\"ES256\",\"kid\":\"ec\"}", goodClaims()) + "." + part(new byte[64]));
    add("EdDSA of zeros", input("{\"alg\":\"EdDSA\"}", goodClaims()) + "." + part(new byte[64]));
  }

  private void strangeKeys() throws GeneralSecurityException {
    RSAPublicKey own = (RSAPublicKey) stranger.getPublic();
    String jwk = new RSAKey.Builder(own).keyID("mine").build().toJSONString();
    for (String more :
        List.of(
            "\"kid\":\"rsa\"",
            "\"jwk\":" + jwk,
            "\"jku\":\"http://127.0.0.1:1/keys\"",
            "\"x5u\":\"http://127.0.0.1:1/cert\"",
            "\"x5c\":[\"" + Base64.getEncoder().encodeToString(own.getEncoded()) + "\"]")) {
      String header = "{\"alg\":\"RS256\"," + more + "}";
      add(
          "a stranger's key by " + more.substring(0, 5),
          signed("SHA256withRSA", stranger.getPrivate(), input(header, goodClaims())));
    }
    byte[] nothing = {0};
    for (String kid :
        List.of(
            "../../../dev/null",
            "/dev/null",
            "x' UNION SELECT 'k",
            "|cat /etc/passwd",
            "",
            "rsa\\u0000",
            "k".repeat(2000))) {
      String header = "{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}";
      add(
          "kid " + kid.substring(0, Math.min(12, kid.length())),
          hmac("HmacSHA256", nothing, input(header, goodClaims())));
    }
    add("kid that is a number", own("{\"alg\":\"HS256\",\"kid\":7}", goodClaims()));
  }

  private void demands() throws GeneralSecurityException {
    for (String more :
        List.of(
            "\"crit\":[\"exp\"],\"exp\":1",
            "\"crit\":[\"b64\"],\"b64\":false",
            "\"crit\":[\"x\"],\"x\":1",
            "\"crit\":[]",
            "\"b64\":false")) {
      add(more, own("{\"alg\":\"HS256\"," + more + "}", goodClaims()));
    }
  }

  private void wrongClaims() throws GeneralSecurityException {
    String exp = "\"exp\":" + (now + 600);
    String who = "\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\"";
    for (String claims :
        List.of(
            claims("\"exp\":" + (now - 31)),
            claims("\"exp\":\"" + (now + 600) + "\""),
            claims("\"exp\":-1"),
            claims("\"exp\":1e999"),
            claims("\"exp\":9223372036854775807"),
            claims("\"exp\":null"),
            claims("\"x\":1"),
            claims(exp + ",\"exp\":" + (now + 601)),
            claims(exp + ",\"sub\":\"root\""),
            claims(exp + ",\"nbf\":" + (now + 60)),
            claims(exp + ",\"iat\":" + (now + 60)),
            claims(exp + ",\"rooms\":[\"*\"]"),
            claims(exp + ",\"rooms\":{\"a\":[\"everything\"]}"),
            claims(exp + ",\"rooms\":{\"a*b\":[\"join\"]}"),
            claims(exp + ",\"info\":\"" + "x".repeat(1100) + "\""),
            claims(exp + ",\"jti\":7"),
            "{" + exp + ",\"aud\":\"" + AUDIENCE + "\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "/\",\"aud\":\"" + AUDIENCE + "\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\",\"aud\":\"chats\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\",\"aud\":[\"a\",\"b\"]}",
            "{" + exp + "," + who + ",\"sub\":{}}",
            "{" + exp + "," + who + ",\"sub\":\"" + "x".repeat(129) + "\"}",
            "[" + goodClaims() + "]",
            "\"" + exp.replace("\"", "") + "\"",
            goodClaims() + goodClaims(),
            "")) {
      add("claims " + claims.substring(0, Math.min(40, claims.length())), own(claims));
    }
  }

  private void wrongShapes() throws GeneralSecurityException {
    String good = own(goodClaims());
    String[] parts = good.split("\\.", -1);
    String other = own(claims("\"exp\":" + (now + 601)));
    add("another token's claims", parts[0] + "." + other.split("\\.", -1)[1] + "." + parts[2]);
    add(
        "a changed signature",
        good.substring(0, good.length() - 2) + (good.endsWith("AA") ? "BB" : "AA"));
    add("a signature with one byte more", good + "AA");
    add(
        "an encrypted one",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiemlwIjoiREVGIn0..AAAA.AAAA.AAAA");
    add("four parts", good + ".AAAA");
    add("too long", good + "A".repeat(9000));
    add("only dots", "..");
    add("nothing", " ");
    add("a token in a token", own("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", good));
    add(
        "UTF-16",
        own(
            new String(
                "{\"alg\":\"none\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE),
                US_ASCII),
            goodClaims()));
  }
}
