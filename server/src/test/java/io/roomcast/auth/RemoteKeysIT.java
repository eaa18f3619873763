package io.roomcast.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.sun.net.httpserver.HttpServer;
import io.roomcast.auth.TokenMaker.Draft;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.testing.ManualTime;
import io.roomcast.testing.Verdicts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key set by URL, from a server that the test owns. */
final class RemoteKeysIT {
  private final ManualTime time = new ManualTime();
  private final AtomicInteger fetches = new AtomicInteger();
  private final List<ECKey> published = new ArrayList<>();
  private volatile String body = "";
  private volatile int status = 200;
  private HttpServer server;
  private Tokens tokens;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          fetches.incrementAndGet();
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    tokens = new Tokens("", List.of(), new RemoteKeys(url, time), Tokens.Expected.ANYTHING, time);
  }

  @AfterEach
  void stop() {
    tokens.close();
    server.stop(0);
  }

  private static ECKey key(String id) {
    KeyPair pair = Keys.pair("EC", 256);
    return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
        .privateKey((ECPrivateKey) pair.getPrivate())
        .keyID(id)
        .build();
  }

  private void publish(ECKey... keys) {
    published.clear();
    published.addAll(List.of(keys));
    body = new JWKSet(new ArrayList<>(published)).toString(true);
  }

  private String token(ECKey key) {
    return TokenMaker.withKey(key.toJSONString(), time).make(new Draft("ann", Duration.ofDays(2)));
  }

  private void assertGood(ECKey key) throws Refused {
    assertThat(Verdicts.of(tokens, token(key)).user()).isEqualTo("ann");
  }

  private void assertRefused(ECKey key, ErrorCode code) {
    assertThatThrownBy(() -> Verdicts.of(tokens, token(key)))
        .isInstanceOfSatisfying(Refused.class, no -> assertThat(no.code()).isEqualTo(code));
  }

  @Test
  void keysAreFetchedOnceAndKept() throws Refused {
    ECKey key = key("a");
    publish(key);
    for (int i = 0; i < 20; i++) {
      assertGood(key);
    }
    assertThat(fetches).hasValue(1);
  }

  @Test
  void aKeyThatIsNewIsFoundAndOneThatWasTakenBackIsGone() throws Refused {
    ECKey old = key("old");
    publish(old);
    assertGood(old);
    ECKey next = key("next");
    publish(next);
    time.advance(RemoteKeys.PAUSE);
    assertGood(next);
    assertThat(fetches).hasValue(2);
    time.advance(RemoteKeys.PAUSE);
    assertRefused(old, ErrorCode.UNAUTHORIZED);
  }

  @Test
  void keysThatAreNotFreshAreFetchedBesideTheirUse() throws Refused {
    ECKey key = key("a");
    publish(key);
    assertGood(key);
    time.advance(RemoteKeys.FRESH);
    assertGood(key);
    await().untilAsserted(() -> assertThat(fetches).hasValue(2));
  }

  @Test
  void aFloodOfUnknownKeysIsOneFetchInEachPause() throws Exception {
    ECKey good = key("a");
    publish(good);
    assertGood(good);
    String signed = token(key("stranger"));
    String rest = signed.substring(signed.indexOf('.'));
    List<String> flood = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      String header = "{\"alg\":\"ES256\",\"kid\":\"k" + i + "\"}";
      flood.add(Forger.part(header.getBytes(UTF_8)) + rest);
    }
    for (int round = 2; round < 4; round++) {
      time.advance(RemoteKeys.PAUSE);
      CountDownLatch answered = new CountDownLatch(flood.size());
      flood.forEach(token -> tokens.check(token, verdict -> answered.countDown()));
      answered.await();
      assertThat(fetches).hasValue(round);
    }
    assertGood(good);
  }

  @Test
  void anOutageIsSurvivedForADay() throws Refused {
    ECKey key = key("a");
    publish(key);
    assertGood(key);
    status = 503;
    for (int minutes = 0; minutes < 60; minutes += 5) {
      time.advance(Duration.ofMinutes(5));
      assertGood(key);
    }
    int before = fetches.get();
    time.advance(RemoteKeys.STALE);
    // The first may have found the last fetch still under way.
    await()
        .untilAsserted(
            () -> {
              time.advance(RemoteKeys.PAUSE);
              assertRefused(key, ErrorCode.UNAVAILABLE);
              assertThat(fetches.get()).isGreaterThan(before);
            });
    status = 200;
    time.advance(RemoteKeys.PAUSE);
    assertGood(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"keys\":[]}", "nonsense", "{\"keys\":[{\"kty\":\"x\"}]}"})
  void whatIsNoSetOfKeysIsNone(String nonsense) {
    body = nonsense;
    assertRefused(key("a"), ErrorCode.UNAVAILABLE);
  }

  @Test
  void aSetThatIsTooLargeOrHasASecretIsNotTaken() {
    ECKey key = key("a");
    publish(key);
    body =
        body.replace(
            "{\"keys\":", "{\"x\":\"" + "x".repeat(RemoteKeys.MOST_BYTES) + "\",\"keys\":");
    assertRefused(key, ErrorCode.UNAVAILABLE);
    body =
        new JWKSet(new OctetSequenceKey.Builder(new byte[64]).keyID("s").build()).toString(false);
    time.advance(RemoteKeys.PAUSE);
    assertRefused(key, ErrorCode.UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "keys", "file:///etc/passwd", "ftp://a/b", "http:///a", "https://{tenant}/x"})
  void theAddressIsOneOfTheWeb(String address) {
    assertThatIllegalArgumentException().isThrownBy(() -> new RemoteKeys(address, time));
  }
}
