package io.roomcast.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.roomcast.auth.TokenMaker.Draft;
import io.roomcast.room.Action;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Grants;
import io.roomcast.testing.ManualTime;
import io.roomcast.testing.Verdicts;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of every kind, as files have them, and what the tokens say that they have signed. */
final class TokenKeysTest {
  private static final Draft ANN = new Draft("ann", Duration.ofMinutes(1));

  private final ManualTime time = new ManualTime();

  private Tokens tokens(String... files) {
    return new Tokens("", List.of(files), null, Tokens.Expected.ANYTHING, time);
  }

  @ParameterizedTest
  @CsvSource({"RSA, 2048", "EC, 256", "EC, 384", "EC, 521", "Ed25519, 0"})
  void aPairInPemSignsAndChecks(String kind, int size) throws Exception {
    KeyPair pair = Keys.pair(kind, size);
    String token = TokenMaker.withKey(Keys.pem("PRIVATE KEY", pair.getPrivate()), time).make(ANN);
    try (Tokens tokens = tokens(Keys.pem("PUBLIC KEY", pair.getPublic()))) {
      assertThat(Verdicts.of(tokens, token).user()).isEqualTo("ann");
    }
    try (Tokens others = tokens(Keys.pem("PUBLIC KEY", Keys.pair(kind, size).getPublic()))) {
      assertThatThrownBy(() -> Verdicts.of(others, token)).hasMessageContaining("signature");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void anRsaKeyIsForTheOneAlgorithmThatItNames(String algorithm) throws Exception {
    KeyPair pair = Keys.pair("RSA", 2048);
    RSAKey key =
        new RSAKey.Builder((RSAPublicKey) pair.getPublic())
            .privateKey(pair.getPrivate())
            .algorithm(JWSAlgorithm.parse(algorithm))
            .keyID("k1")
            .build();
    String token = TokenMaker.withKey(key.toJSONString(), time).make(ANN);
    try (Tokens tokens = tokens(key.toPublicJWK().toJSONString())) {
      assertThat(Verdicts.of(tokens, token).user()).isEqualTo("ann");
    }
    String another = algorithm.equals("RS256") ? "PS256" : "RS256";
    RSAKey renamed =
        new RSAKey.Builder(key.toPublicJWK()).algorithm(JWSAlgorithm.parse(another)).build();
    try (Tokens tokens = tokens(renamed.toJSONString())) {
      assertThatThrownBy(() -> Verdicts.of(tokens, token)).isInstanceOf(Refused.class);
    }
  }

  @Test
  void aSetHasKeysSideBySide() throws Exception {
    KeyPair old = Keys.pair("EC", 256);
    KeyPair present = Keys.pair("EC", 256);
    ECKey first = ec(old, "old");
    ECKey second = ec(present, "new");
    try (Tokens tokens = tokens(new JWKSet(List.of(first, second)).toString(true))) {
      for (ECKey key : List.of(first, second)) {
        String token = TokenMaker.withKey(key.toJSONString(), time).make(ANN);
        assertThat(Verdicts.of(tokens, token).user()).isEqualTo("ann");
      }
      ECKey liar = new ECKey.Builder(first).keyID("new").build();
      String token = TokenMaker.withKey(liar.toJSONString(), time).make(ANN);
      assertThatThrownBy(() -> Verdicts.of(tokens, token)).isInstanceOf(Refused.class);
    }
  }

  private static ECKey ec(KeyPair pair, String id) {
    return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
        .privateKey((java.security.interfaces.ECPrivateKey) pair.getPrivate())
        .keyID(id)
        .build();
  }

  @Test
  void anOwnFileMayHaveASecret() throws Exception {
    OctetSequenceKey secret =
        new OctetSequenceKey.Builder("0123456789abcdef".repeat(4).getBytes(UTF_8))
            .algorithm(JWSAlgorithm.HS512)
            .build();
    String token = TokenMaker.withKey(secret.toJSONString(), time).make(ANN);
    try (Tokens tokens = tokens(secret.toJSONString())) {
      assertThat(Verdicts.of(tokens, token).user()).isEqualTo("ann");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"keys\":[]}",
        "{\"kty\":\"RSA\"}",
        "{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
        "nonsense",
      })
  void whatIsNoKeyIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> tokens(text));
  }

  @Test
  void weakAndOtherKeysAreRefused() throws Exception {
    KeyPair weak = Keys.pair("RSA", 1024);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens(Keys.pem("PUBLIC KEY", weak.getPublic())))
        .withMessageContaining("2048");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens(Keys.pem("PRIVATE KEY", weak.getPrivate())))
        .withMessageContaining("PUBLIC KEY alone");
    ECKey encrypts =
        new ECKey.Builder(ec(Keys.pair("EC", 256), "e")).keyUse(KeyUse.ENCRYPTION).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens(encrypts.toJSONString()))
        .withMessageContaining("not for signatures");
    ECKey otherwise =
        new ECKey.Builder(ec(Keys.pair("EC", 256), "e")).algorithm(JWSAlgorithm.ES384).build();
    assertThatIllegalArgumentException().isThrownBy(() -> tokens(otherwise.toJSONString()));
  }

  @Test
  void whatItSaysIsKept() throws Refused {
    String secret = "0123456789abcdef0123456789abcdef";
    Grants grants =
        new Grants(
            Map.of("news:*", Set.of(Action.JOIN, Action.HISTORY), "a \"b\"", Set.of(Action.SEND)));
    String token =
        TokenMaker.withSecret(secret, time)
            .make(
                new Draft(
                    "ann", Duration.ofMinutes(1), "me", "you", "{\"name\": \"Ann\"}", grants));
    Tokens tokens =
        new Tokens(secret, List.of(), null, new Tokens.Expected("me", "you", false), time);
    Identity identity = Verdicts.of(tokens, token);
    assertThat(identity.user()).isEqualTo("ann");
    assertThat(identity.info()).isEqualTo("{\"name\": \"Ann\"}");
    assertThat(identity.grants()).isEqualTo(grants);
    assertThat(identity.tokenId()).hasSize(36);
    assertThat(identity.issuedMillis()).isEqualTo(time.wallMillis());
    for (Tokens.Expected other :
        List.of(new Tokens.Expected("you", "you", false), new Tokens.Expected("me", "me", false))) {
      Tokens another = new Tokens(secret, List.of(), null, other, time);
      assertThatThrownBy(() -> Verdicts.of(another, token)).isInstanceOf(Refused.class);
    }
  }
}
