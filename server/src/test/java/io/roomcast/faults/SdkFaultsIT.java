package io.roomcast.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Servers, Redis and networks fail under the Java library: nothing is lost in silence or doubled.
 */
final class SdkFaultsIT {
  private static final List<String> ROOMS = List.of("kept:a", "kept:b", "plain");
  private static final List<String> FLAGS = List.of("--rule", "kept:* log=10000/1h");
  private static final Duration SILENCE = Duration.ofSeconds(25);

  private static ServerNode node(RedisProcess redis, String name) throws Exception {
    Path directory = Files.createDirectories(Path.of("target", "faults", "sdk"));
    List<String> flags = new java.util.ArrayList<>(FLAGS);
    flags.addAll(List.of("--redis", redis.uri()));
    ServerNode node =
        new ServerNode(
            directory.resolve(name + ".log"), "", List.of("-XX:TieredStopAtLevel=1"), flags);
    node.awaitReady();
    return node;
  }

  private static SdkLedger.Result judge(SdkLedger ledger) throws InterruptedException {
    SdkLedger.Result result = ledger.finish();
    System.out.println("java library: " + result);
    assertThat(result.unsignalled()).isEmpty();
    assertThat(result.faults()).isEmpty();
    assertThat(result.failed()).isZero();
    assertThat(result.told()).isGreaterThan(1000);
    return result;
  }

  @Test
  void aServerIsKilledAndComesBack() throws Exception {
    try (RedisProcess redis = RedisProcess.start();
        ServerNode node = node(redis, "killed");
        SdkLedger ledger = new SdkLedger(node.url(), ROOMS, 6, SILENCE)) {
      ledger.awaitFlow();
      node.kill9();
      node.restart();
      ledger.awaitFlow();
      SdkLedger.Result result = judge(ledger);
      assertThat(result.reconnects()).isGreaterThanOrEqualTo(6);
      // The room without a log says so, once for each member; those with one have recovered.
      assertThat(result.gaps()).isEqualTo(6);
    }
  }

  @Test
  void redisIsKilledAndComesBackEmpty() throws Exception {
    try (RedisProcess redis = RedisProcess.start();
        ServerNode node = node(redis, "redis");
        SdkLedger ledger = new SdkLedger(node.url(), ROOMS, 6, SILENCE)) {
      ledger.awaitFlow();
      redis.kill9();
      TimeUnit.MILLISECONDS.sleep(500);
      redis.restart();
      ledger.awaitFlow();
      SdkLedger.Result result = judge(ledger);
      assertThat(result.reconnects()).isZero();
      assertThat(result.gaps()).isGreaterThanOrEqualTo(6);
    }
  }

  @Test
  void theNetworkCutsAnywhere() throws Exception {
    try (RedisProcess redis = RedisProcess.start();
        ServerNode node = node(redis, "cut");
        FaultProxy proxy = FaultProxy.before(node.port());
        SdkLedger ledger = new SdkLedger(url(proxy), ROOMS, 6, SILENCE)) {
      ledger.awaitFlow();
      Random random = new Random(7);
      for (int i = 0; i < 12; i++) {
        FaultProxy.Way way =
            random.nextBoolean() ? FaultProxy.Way.TO_CLIENT : FaultProxy.Way.TO_SERVER;
        proxy.cutAfter(way, random.nextInt(4000));
        TimeUnit.MILLISECONDS.sleep(400);
        proxy.uncut(way);
      }
      ledger.awaitFlow();
      assertThat(judge(ledger).reconnects()).isGreaterThan(6);
    }
  }

  private static URI url(FaultProxy proxy) throws IOException {
    return URI.create("ws://127.0.0.1:" + proxy.port() + "/ws");
  }
}
