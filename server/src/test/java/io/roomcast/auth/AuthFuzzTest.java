package io.roomcast.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.jwk.JWK;
import io.roomcast.protocol.Json;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.testing.ManualTime;
import io.roomcast.testing.Verdicts;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Whatever is shown as a token, said in one, or given for a key, is understood or refused. */
class AuthFuzzTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final ManualTime time = new ManualTime();

  /** One that holds a key of each kind. */
  private final Tokens tokens =
      new Tokens(
          SECRET,
          List.of(
              Keys.pem("PUBLIC KEY", Keys.pair("RSA", 2048).getPublic()),
              Keys.pem("PUBLIC KEY", Keys.pair("EC", 256).getPublic()),
              Keys.pem("PUBLIC KEY", Keys.pair("EC", 384).getPublic()),
              Keys.pem("PUBLIC KEY", Keys.pair("EC", 521).getPublic()),
              Keys.pem("PUBLIC KEY", Keys.pair("Ed25519", 0).getPublic())),
          null,
          Tokens.Expected.ANYTHING,
          time);

  @FuzzTest
  void tokens(byte[] token) {
    try {
      Identity taken = Verdicts.of(tokens, new String(token, UTF_8));
      throw new AssertionError("nobody has signed it: " + taken);
    } catch (Refused no) {
      told(no);
    }
  }

  /** A line for the header, the rest for the signature; the claims are good. */
  @FuzzTest
  void signatures(byte[] input) {
    int end = lineOf(input);
    String header = part(input, 0, end);
    String claims = Base64.getUrlEncoder().withoutPadding().encodeToString(good());
    tokens((header + "." + claims + "." + part(input, end, input.length)).getBytes(UTF_8));
  }

  private byte[] good() {
    return ("{\"sub\":\"ann\",\"exp\":" + (time.wallMillis() / 1000 + 60) + "}").getBytes(UTF_8);
  }

  /** A line for the header, the rest for the claims; with a good signature of the secret. */
  @FuzzTest
  void claims(byte[] input) throws GeneralSecurityException {
    int end = lineOf(input);
    String text = part(input, 0, end) + "." + part(input, end, input.length);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal(text.getBytes(UTF_8));
    try {
      Identity taken = Verdicts.of(tokens, text + "." + part(signature, 0, signature.length));
      if (taken.user().getBytes(UTF_8).length > 4 * 128
          || taken.expiresMillis() <= time.wallMillis()) {
        throw new AssertionError(taken.toString());
      }
    } catch (Refused no) {
      told(no);
    }
  }

  @FuzzTest
  void keySets(byte[] body) {
    try {
      for (TokenKey key : RemoteKeys.parse(body)) {
        if (key.quick()) {
          throw new AssertionError("a shared secret from somewhere else");
        }
      }
    } catch (IllegalStateException e) {
      told(e);
    }
  }

  @FuzzTest
  void keyFiles(byte[] file) {
    String text = new String(file, UTF_8);
    try {
      for (JWK key : KeyText.read(text)) {
        TokenKey.of(key, true);
      }
    } catch (IllegalArgumentException e) {
      told(e);
    }
    try {
      KeyText.signing(text);
    } catch (IllegalArgumentException e) {
      told(e);
    }
  }

  private static int lineOf(byte[] input) {
    for (int i = 0; i < input.length; i++) {
      if (input[i] == '\n') {
        return i;
      }
    }
    return input.length;
  }

  private static String part(byte[] bytes, int from, int to) {
    byte[] some = java.util.Arrays.copyOfRange(bytes, from, to);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(some);
  }

  /** In words, and such that JSON can hold them as they are. */
  private static void told(Exception no) {
    String text = String.valueOf(no.getMessage());
    if (no.getMessage() == null || text.isEmpty()) {
      throw new AssertionError("without a word", no);
    }
    byte[] json = ("\"" + text + "\"").getBytes(UTF_8);
    if (no instanceof Refused && !Json.isValue(json, 0, json.length)) {
      throw new AssertionError("goes into JSON as it is: " + text, no);
    }
  }
}
