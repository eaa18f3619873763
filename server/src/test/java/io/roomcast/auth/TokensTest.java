package io.roomcast.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.auth.TokenMaker.Draft;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.testing.ManualTime;
import io.roomcast.testing.Verdicts;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokensTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String HS256 = "{\"alg\":\"HS256\"}";

  private final ManualTime time = new ManualTime();
  private final Tokens tokens = new Tokens(SECRET, time);
  private final long now = time.wallMillis() / 1000;
  private final String good = "{\"sub\":\"ann\",\"exp\":" + (now + 60) + "}";

  private Identity check(String token) throws Refused {
    return Verdicts.of(tokens, token);
  }

  private String issue(String user, Duration life) {
    return TokenMaker.withSecret(SECRET, time).make(new Draft(user, life));
  }

  private static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] mac(String algorithm, byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Signed with our secret, whatever the parts say. */
  private static String signed(String header, String claims) {
    String text = part(header.getBytes(UTF_8)) + "." + part(claims.getBytes(UTF_8));
    return text + "." + part(mac("HmacSHA256", SECRET.getBytes(UTF_8), text));
  }

  private void assertRefused(String token) {
    assertThatThrownBy(() -> check(token))
        .isInstanceOf(Refused.class)
        .message()
        .isNotEmpty()
        .doesNotContain(SECRET)
        // Goes into JSON as it is.
        .matches("[ -~&&[^\"\\\\]]*");
  }

  @Test
  void takesWhatItIssued() throws Refused {
    Identity identity = check(issue("ann", Duration.ofMinutes(1)));
    assertThat(identity.user()).isEqualTo("ann");
    assertThat(identity.expiresMillis())
        .isEqualTo(time.wallMillis() + 60_000 + Tokens.SKEW.toMillis());
    assertThat(check(issue("", Duration.ofMinutes(1))).user()).isEmpty();
  }

  @Test
  void takesATokenOfAnotherMaker() throws Refused {
    assertThat(check(signed("{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"7\"}", good)).user())
        .isEqualTo("ann");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"None\"}",
        "{\"alg\":\"NONE\"}",
        "{\"alg\":\"HS512\"}",
        "{\"alg\":\"HS384\"}",
        "{\"alg\":\"hs256\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":\"ES256\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
        "{\"alg\":\"\"}",
        "{\"alg\":null}",
        "{\"alg\":[\"HS256\"]}",
        "{}",
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}",
        "{\"alg\":\"HS256\",\"b64\":false}",
        "[]",
        "x",
      })
  void refusesAnyOtherAlgorithmOrHeader(String header) {
    assertRefused(signed(header, good));
  }

  @Test
  void refusesNoSignature() {
    String text = part("{\"alg\":\"none\"}".getBytes(UTF_8)) + "." + part(good.getBytes(UTF_8));
    assertRefused(text + ".");
    assertRefused(text);
    String ours = signed(HS256, good);
    assertRefused(ours.substring(0, ours.lastIndexOf('.') + 1));
  }

  @Test
  void refusesOtherKeysAndAlgorithmsThatAreTrue() throws GeneralSecurityException {
    String hs512 = part("{\"alg\":\"HS512\"}".getBytes(UTF_8)) + "." + part(good.getBytes(UTF_8));
    assertRefused(hs512 + "." + part(mac("HmacSHA512", SECRET.getBytes(UTF_8), hs512)));

    KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    String rs256 = part("{\"alg\":\"RS256\"}".getBytes(UTF_8)) + "." + part(good.getBytes(UTF_8));
    Signature rsa = Signature.getInstance("SHA256withRSA");
    rsa.initSign(pair.getPrivate());
    rsa.update(rs256.getBytes(UTF_8));
    assertRefused(rs256 + "." + part(rsa.sign()));

    String other =
        TokenMaker.withSecret("x".repeat(32), time).make(new Draft("ann", Duration.ofMinutes(1)));
    assertRefused(other);
  }

  @Test
  void refusesWhatWasTamperedWith() {
    String token = issue("ann", Duration.ofMinutes(1));
    int first = token.indexOf('.');
    int second = token.lastIndexOf('.');
    String admin = part("{\"sub\":\"admin\",\"exp\":99999999999}".getBytes(UTF_8));
    assertRefused(token.substring(0, first + 1) + admin + token.substring(second));
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      assertRefused(token.substring(0, i) + other + token.substring(i + 1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}",
        "{\"exp\":null}",
        "{\"exp\":\"tomorrow\"}",
        "{\"exp\":true}",
        "{\"exp\":-1}",
        "{\"exp\":0}",
        "{\"exp\":9223372036854775807}",
        "{\"exp\":1e300}",
        "{\"sub\":{},\"exp\":99999999999}",
        "[1]",
        "7",
        "not json",
      })
  void refusesClaimsThatAreNotGood(String claims) {
    assertRefused(signed(HS256, claims));
  }

  @Test
  void keepsItsTimesWithSomeSkew() throws Refused {
    long skew = Tokens.SKEW.toSeconds();
    assertRefused(signed(HS256, "{\"exp\":" + (now - skew) + "}"));
    assertThat(check(signed(HS256, "{\"exp\":" + (now - skew + 1) + "}")).user()).isEmpty();
    String later = ",\"exp\":" + (now + 1000) + "}";
    assertRefused(signed(HS256, "{\"nbf\":" + (now + skew + 1) + later));
    assertThat(check(signed(HS256, "{\"nbf\":" + (now + skew) + later)).user()).isEmpty();
    String issued = issue("ann", Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(1).plus(Tokens.SKEW));
    assertRefused(issued);
  }

  @Test
  void refusesWhatIsNoToken() {
    assertRefused("");
    assertRefused(".");
    assertRefused("..");
    assertRefused("...");
    assertRefused("....");
    assertRefused("a.b.c");
    assertRefused("\u0000");
    assertRefused("é.é.é");
    assertRefused("x".repeat(WireLimits.TOKEN_CHARS));
    assertRefused("x".repeat(WireLimits.TOKEN_CHARS + 1));
    assertRefused(signed("{\"alg\":\"HS256\",\"x\":" + "[".repeat(5000), good));
    assertRefused(signed(HS256, "[".repeat(5000)));
  }

  @Test
  void neverThrowsAnythingElse() {
    Random random = new Random(11);
    String token = issue("ann", Duration.ofMinutes(1));
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder(token);
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        text.setCharAt(random.nextInt(token.length()), (char) random.nextInt(1, 200));
      }
      if (!text.toString().equals(token)) {
        assertThatThrownBy(() -> check(text.toString())).isInstanceOf(Refused.class);
      }
    }
  }

  @Test
  void wantsALongSecret() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tokens(SECRET.substring(1), time))
        .withMessageContaining("32 bytes");
  }
}
