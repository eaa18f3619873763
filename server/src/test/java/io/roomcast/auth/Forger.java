package io.roomcast.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
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
  private final KeyPair ed;
  private final String trap;
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
   * @param ed the same for Ed25519
   * @param trap an address with a stranger's keys, which nobody is to fetch
   * @param now in seconds
   */
  Forger(String secret, KeyPair rsa, KeyPair ed, String trap, long now) {
    this.secret = secret;
    this.rsa = rsa;
    this.ed = ed;
    this.trap = trap;
    this.now = now;
  }

  List<Attack> attacks() throws GeneralSecurityException {
    noAlgorithm();
    confusedKeys();
    attacks.addAll(
        new BentSignatures(ed)
            .all(
                input("{\"alg\":\"ES256\"}", goodClaims()),
                input("{\"alg\":\"EdDSA\"}", goodClaims())));
    strangeKeys();
    demands();
    wrongClaims();
    wrongShapes();
    otherTexts();
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

  static String signed(String algorithm, PrivateKey key, String input)
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
            "\"none\"",
            "\"None\"",
            "\"NONE\"",
            "\"nOnE\"",
            "\"none \"",
            "\"hs256\"",
            "\"HS256\\u0000\"",
            "\"\"",
            "null",
            "[\"none\"]",
            "[\"HS256\"]",
            "{}",
            "7")) {
      String header = "{\"alg\":" + none + ",\"typ\":\"JWT\"}";
      add("alg " + none + ", unsigned", input(header, goodClaims()) + ".");
      add("alg " + none + ", signed", own(header, goodClaims()));
    }
    add("no alg", own("{\"typ\":\"JWT\"}", goodClaims()));
    add("alg twice", own("{\"alg\":\"none\",\"alg\":\"HS256\"}", goodClaims()));
    add("alg in capitals", own("{\"ALG\":\"HS256\"}", goodClaims()));
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
  }

  private void strangeKeys() throws GeneralSecurityException {
    RSAPublicKey own = (RSAPublicKey) stranger.getPublic();
    String jwk = new RSAKey.Builder(own).keyID("mine").build().toJSONString();
    for (String more :
        List.of(
            "\"kid\":\"rsa\"",
            "\"jwk\":" + jwk,
            "\"jku\":\"" + trap + "\"",
            "\"jku\":\"" + trap + "\",\"kid\":\"mine\"",
            "\"jku\":\"file:///etc/passwd\"",
            "\"x5u\":\"" + trap + "\"",
            "\"x5t\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
            "\"iss\":\"" + trap + "\"",
            "\"x5c\":[\"" + Base64.getEncoder().encodeToString(own.getEncoded()) + "\"]")) {
      String header = "{\"alg\":\"RS256\"," + more + "}";
      add(
          "a stranger's key by " + more.substring(0, Math.min(30, more.length())),
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
            claims("\"exp\":1e99"),
            claims("\"exp\":1e999"),
            claims("\"exp\":" + (now - 31.5)),
            claims("\"exp\":true"),
            claims("\"exp\":[" + (now + 600) + "]"),
            claims("\"exp\":{}"),
            claims("\"exp\":NaN"),
            claims("\"exp\":Infinity"),
            claims("\"exp\":0x7fffffff"),
            claims("\"EXP\":" + (now + 600)),
            claims(exp + ",\"\\u0065xp\":" + (now + 601)),
            claims(exp + ",\"iss\":\"" + ISSUER + "\""),
            claims(exp + ",\"aud\":\"" + AUDIENCE + "\""),
            claims(exp + ",\"nbf\":0,\"nbf\":1"),
            claims(exp + ",\"nbf\":\"0\""),
            claims(exp + ",\"nbf\":-1"),
            claims(exp + ",\"iat\":\"0\""),
            claims(exp + ",\"rooms\":{\"a\":[\"join\"],\"a\":[\"send\"]}"),
            claims(exp + ",\"x\":1,"),
            claims(exp + "/* c */"),
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
            claims(exp + ",\"info\":" + "[".repeat(63) + "]".repeat(63)),
            claims(exp + ",\"jti\":7"),
            "{" + exp + ",\"aud\":\"" + AUDIENCE + "\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "/\",\"aud\":\"" + AUDIENCE + "\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\",\"aud\":\"chats\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\",\"aud\":[\"a\",\"b\"]}",
            "{" + exp + ",\"iss\":[\"" + ISSUER + "\"],\"aud\":\"" + AUDIENCE + "\"}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\",\"aud\":[[\"" + AUDIENCE + "\"]]}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\",\"aud\":[]}",
            "{" + exp + ",\"iss\":\"" + ISSUER + "\",\"aud\":{\"" + AUDIENCE + "\":1}}",
            "{" + exp + ",\"iss\":\"HTTPS://ID.EXAMPLE\",\"aud\":\"" + AUDIENCE + "\"}",
            "\ufeff" + goodClaims(),
            goodClaims() + "\u0000",
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
    for (int blanks : List.of(0, 4_000_000)) {
      String deflated =
          part("{\"alg\":\"HS256\",\"zip\":\"DEF\"}".getBytes(UTF_8))
              + "."
              + part(deflated(goodClaims() + " ".repeat(blanks)));
      add("deflated, " + blanks, hmac("HmacSHA256", secret.getBytes(UTF_8), deflated));
    }
    add("one part", parts[0]);
    add("four parts", good + ".AAAA");
    add("five parts", good + ".AAAA.AAAA");
    add("a dot more", good + ".");
    add("a dot before", "." + good);
    add("two dots between", parts[0] + ".." + parts[1] + "." + parts[2]);
    add("no header", "." + parts[1] + "." + parts[2]);
    add("no claims", parts[0] + ".." + parts[2]);
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

  private static byte[] deflated(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION, true))) {
      deflater.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** The same token, written as no maker writes it. */
  private void otherTexts() throws GeneralSecurityException {
    String good = own(goodClaims());
    int dot = good.lastIndexOf('.');
    String signature = good.substring(dot + 1);
    add("padding", good + "=");
    add("a header with padding", good.replaceFirst("[.]", "=."));
    add("a blank in the signature", good.substring(0, dot + 9) + " " + good.substring(dot + 9));
    add(
        "a line break in the signature",
        good.substring(0, dot + 9) + "\n" + good.substring(dot + 9));
    add("a blank behind", good + " ");
    add("a blank before", "\t" + good);
    add("a sign in the signature", good.substring(0, dot + 9) + "!" + good.substring(dot + 9));
    add("percent signs", good.replace(".", "%2e"));
    char last = signature.charAt(signature.length() - 1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 1; i < 4; i++) {
      // The last two bits of 43 characters say nothing.
      char other = alphabet.charAt(alphabet.indexOf(last) ^ i);
      add("left-over bits, " + i, good.substring(0, good.length() - 1) + other);
    }
    // Of the other alphabet of Base64, as soon as a signature has a character that differs.
    for (int i = 0; ; i++) {
      String token = own(claims("\"exp\":" + (now + 600 + i)));
      String end = token.substring(token.lastIndexOf('.') + 1);
      if (end.contains("-") || end.contains("_")) {
        add(
            "the other alphabet",
            token.substring(0, token.length() - end.length())
                + end.replace('-', '+').replace('_', '/'));
        return;
      }
    }
  }
}
