package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Json;
import io.roomcast.room.Broker.PublishOutcome;
import io.roomcast.room.Publication;
import io.roomcast.room.RecordingEvents;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;
import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.RedisProcess;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens while Redis is away, and after it has come back. */
class RedisOutageIT {
  private static final String ROOM = "r";

  private final RedisProcess redis = RedisProcess.start();
  private final RecordingEvents events = new RecordingEvents();
  private final RedisBroker broker = broker(redis.uri(), "room:", 65536, "n");

  /** How brokers come by their threads. */
  Optional<ScheduledExecutorService> loop() {
    return Optional.empty();
  }

  private RedisBroker broker(String uri, String prefix, int messageBytes, String name) {
    return new RedisBroker(
        new RedisConfig(uri, prefix, messageBytes, name), Rulebook.EMPTY, Time.SYSTEM, loop());
  }

  @BeforeEach
  void start() {
    broker.start(events);
    broker.subscribe(ROOM, 1);
    await().until(() -> broker.health().ready() && events.of(ROOM).size() == 1);
  }

  @AfterEach
  void end() {
    broker.close();
    redis.close();
  }

  private static Publication message(String text) {
    return new Publication(ROOM, Event.message(ROOM, Json.quote(text), ""), "");
  }

  /** Publishes and waits for the outcome, which comes at once: within some seconds anywhere. */
  private PublishOutcome publish(String text) throws InterruptedException {
    BlockingQueue<PublishOutcome> outcome = new LinkedBlockingQueue<>();
    broker.publish(message(text), "", (how, position) -> outcome.add(how));
    PublishOutcome how = outcome.poll(5, TimeUnit.SECONDS);
    assertThat(how).as("answered at once").isNotNull();
    return how;
  }

  private void awaitDelivery() throws InterruptedException {
    await().until(() -> broker.health().ready());
    assertThat(publish("after")).isEqualTo(PublishOutcome.SENT);
    await().until(() -> events.of(ROOM).getLast().contains("\"after\""));
  }

  /** The room was told of one gap, and only then that it is live again. */
  private void assertGapThenSubscribed(long since) {
    List<String> told = events.of(ROOM);
    assertThat(told).hasSize(4);
    assertThat(told.get(1)).startsWith("{\"type\":\"gap\",\"room\":\"r\",\"since\":");
    assertThat(told.get(1)).endsWith(",\"reason\":\"broker\"}");
    String[] numbers = told.get(1).replaceAll("[^0-9,]", "").split(",", -1);
    assertThat(Long.parseLong(numbers[2])).isBetween(since - 5000, since + 5000);
    assertThat(Long.parseLong(numbers[3])).isGreaterThanOrEqualTo(Long.parseLong(numbers[2]));
    assertThat(told.get(2)).isEqualTo("subscribed 1");
    assertThat(told.get(3)).isEqualTo(new String(message("after").json(), UTF_8));
    assertThat(events.interruptions()).isEqualTo(1);
  }

  @Test
  void afterAKillItIsSubscribedAgainAndSaysThatThereIsAGap() throws InterruptedException {
    long since = System.currentTimeMillis();
    redis.kill9();
    await().until(() -> !broker.health().ready());
    await().until(() -> broker.health().detail().endsWith("connection refused"));
    assertThat(broker.health().detail())
        .isEqualTo("reconnecting to 127.0.0.1:" + redis.port() + ": connection refused");
    assertThat(publish("lost")).isEqualTo(PublishOutcome.UNAVAILABLE);
    redis.restart();
    awaitDelivery();
    assertGapThenSubscribed(since);
  }

  @Test
  void nothingIsKeptWhileRedisIsAway() throws InterruptedException {
    redis.kill9();
    await().until(() -> !broker.health().ready());
    Map<PublishOutcome, Integer> outcomes =
        Collections.synchronizedMap(new EnumMap<>(PublishOutcome.class));
    long begin = System.nanoTime();
    for (int i = 0; i < 50_000; i++) {
      broker.publish(message("lost"), "", (how, position) -> outcomes.merge(how, 1, Integer::sum));
    }
    await().until(() -> outcomes.values().stream().mapToInt(n -> n).sum() >= 50_000);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    assertThat(outcomes).isEqualTo(Map.of(PublishOutcome.UNAVAILABLE, 50_000));
    redis.restart();
    awaitDelivery();
    assertThat(events.of(ROOM)).noneMatch(text -> text.contains("lost"));
  }

  @Test
  void whenOnlyTheSubscriptionIsCutPublishingGoesOn() throws InterruptedException {
    long since = System.currentTimeMillis();
    assertThat(redis.killSubscribers()).isEqualTo(1);
    await().until(() -> events.interruptions() == 1);
    await().until(() -> events.of(ROOM).size() == 3);
    awaitDelivery();
    assertGapThenSubscribed(since);
  }

  @Test
  void aGapBeginsBeforeWhatWasOnItsWay() {
    try (FaultProxy proxy = FaultProxy.before(redis.port())) {
      RecordingEvents heard = new RecordingEvents();
      RedisBroker far = broker("redis://127.0.0.1:" + proxy.port(), "room:", 65536, "far");
      far.start(heard);
      far.subscribe(ROOM, 1);
      await().until(() -> far.health().ready() && heard.of(ROOM).size() == 1);
      proxy.delay(Duration.ofMillis(800));
      redis.publish("room:r", "first");
      await().pollDelay(Duration.ofMillis(400)).until(() -> true);
      long lost = System.currentTimeMillis();
      redis.publish("room:r", "lost");
      // The other one is 400 ms behind.
      await().pollInterval(Duration.ofMillis(5)).until(() -> heard.of(ROOM).size() == 2);
      proxy.reset();
      proxy.delay(Duration.ZERO);
      await().until(() -> heard.of(ROOM).size() == 4);
      String[] numbers = heard.of(ROOM).get(2).replaceAll("[^0-9,]", "").split(",", -1);
      assertThat(Long.parseLong(numbers[2])).isBetween(lost - 5000, lost);
      far.close();
    }
  }

  @Test
  void aFrozenRedisIsNoticedThoughItsSocketsStayOpen() throws InterruptedException {
    long since = System.currentTimeMillis();
    redis.stop();
    assertThat(publish("unanswered")).isEqualTo(PublishOutcome.UNCONFIRMED);
    await().until(() -> events.interruptions() == 1);
    assertThat(broker.health().ready()).isFalse();
    assertThat(publish("lost")).isEqualTo(PublishOutcome.UNAVAILABLE);
    redis.cont();
    awaitDelivery();
    assertThat(events.of(ROOM)).noneMatch(text -> text.contains("lost"));
    assertGapThenSubscribed(since);
  }

  @Test
  void whatWaitsForAFrozenRedisIsBounded() {
    redis.stop();
    Map<PublishOutcome, Integer> outcomes =
        Collections.synchronizedMap(new EnumMap<>(PublishOutcome.class));
    int sent = Publisher.MAX_WAITING + 1000;
    for (int i = 0; i < sent; i++) {
      broker.publish(message("lost"), "", (how, position) -> outcomes.merge(how, 1, Integer::sum));
    }
    await().until(() -> outcomes.values().stream().mapToInt(n -> n).sum() >= sent);
    redis.cont();
    assertThat(outcomes)
        .containsKeys(PublishOutcome.UNCONFIRMED, PublishOutcome.OVERLOADED)
        .doesNotContainKey(PublishOutcome.SENT);
    // On a slow machine some have been given up, and left their places, before all were sent.
    assertThat(outcomes.get(PublishOutcome.OVERLOADED)).isBetween(1, 1001);
    await().until(() -> broker.health().ready());
  }

  @Test
  void roomsWantedMeanwhileAreAnsweredWithoutAGap() throws InterruptedException {
    redis.kill9();
    await().until(() -> events.interruptions() == 1);
    broker.subscribe("new", 2);
    broker.unsubscribe(ROOM);
    broker.subscribe(ROOM, 3);
    redis.restart();
    await().until(() -> events.of("new").equals(List.of("subscribed 2")));
    await().until(() -> events.of(ROOM).equals(List.of("subscribed 1", "subscribed 3")));
  }

  @Test
  void itStartsWithoutRedisAndEndsWithoutIt() {
    redis.kill9();
    RedisBroker early = broker(redis.uri(), "room:", 65536, "early");
    RecordingEvents heard = new RecordingEvents();
    early.start(heard);
    early.subscribe(ROOM, 1);
    await().until(() -> early.health().detail().endsWith("connection refused"));
    redis.restart();
    await().until(() -> early.health().ready());
    await().until(() -> heard.of(ROOM).equals(List.of("subscribed 1")));
    assertThat(heard.interruptions()).isZero();
    redis.stop();
    long begin = System.nanoTime();
    early.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    redis.cont();
  }

  @Test
  void aPasswordIsUsedAndNeverShown() {
    try (RedisProcess locked = RedisProcess.start("--requirepass", "s3cret")) {
      RedisBroker without = at(locked.uri());
      await().until(() -> without.health().detail().contains("NOAUTH"));
      without.close();
      RedisBroker wrong = at("redis://:wr0ng@127.0.0.1:" + locked.port());
      await().until(() -> wrong.health().detail().contains("WRONGPASS"));
      assertThat(wrong.health().detail()).doesNotContain("wr0ng");
      wrong.close();
      RedisBroker right = at("redis://:s3cret@127.0.0.1:" + locked.port());
      await().until(() -> right.health().ready());
      assertThat(right.health().detail()).isEqualTo("connected to 127.0.0.1:" + locked.port());
      right.close();
    }
  }

  @Test
  void aHostThatNobodyKnowsIsSaid() {
    RedisBroker broker = at("redis://no-such-host.invalid:6379");
    await().until(() -> broker.health().detail().contains("unknown host no-such-host.invalid"));
    assertThat(broker.health().ready()).isFalse();
    broker.close();
  }

  @Test
  void whatRedisDoesNotAllowIsSaid() {
    redis.call("ACL", "SETUSER", "u", "on", ">p", "+@all", "&room:*");
    RedisBroker broker = at("redis://u:p@127.0.0.1:" + redis.port());
    await().until(() -> broker.health().detail().contains("NOPERM"));
    assertThat(broker.health().ready()).isFalse();
    broker.close();
  }

  private RedisBroker at(String uri) {
    RedisBroker broker = broker(uri, "room:", 65536, "n");
    broker.start(new RecordingEvents());
    return broker;
  }
}
