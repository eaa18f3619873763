package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.config.RuleReader;
import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import io.roomcast.room.Broker.PublishOutcome;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.RecordingEvents;
import io.roomcast.room.Time;
import io.roomcast.testing.RedisProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs in a Redis that others have their hands in. */
final class RedisLogIT {
  private static final String LOG = "roomcast:{room:r}:log";

  private final RedisProcess redis = RedisProcess.start();
  private final RedisBroker broker = broker("n");

  private RedisBroker broker(String node) {
    return new RedisBroker(
        new RedisConfig(redis.uri(), "room:", 65536, node),
        RuleReader.book(List.of("r log=5/1h", "aging log=9/3s")),
        Time.SYSTEM);
  }

  @BeforeEach
  void start() {
    broker.start(new RecordingEvents());
    await().until(() -> broker.health().ready());
  }

  @AfterEach
  void end() {
    broker.close();
    redis.close();
  }

  private record Sent(PublishOutcome outcome, Position position) {}

  private static Sent publish(RedisBroker by, String key) {
    return publish(by, "r", key);
  }

  private static Sent publish(RedisBroker by, String room, String key) {
    CompletableFuture<Sent> done = new CompletableFuture<>();
    by.publish(
        new Publication(room, Event.message(room, "1".getBytes(UTF_8), "", 0, key), ""),
        key,
        (outcome, position) -> done.complete(new Sent(outcome, position)));
    return done.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private @Nullable LogPart read() {
    CompletableFuture<LogPart> done = new CompletableFuture<>();
    broker.read("r", LogQuery.after(0, 10, 10_000), done::complete);
    return done.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void scriptsThatWereEmptiedAreLoadedAgain() {
    assertThat(publish(broker, "").position().offset()).isEqualTo(1);
    redis.call("SCRIPT", "FLUSH");
    assertThat(publish(broker, "")).isEqualTo(new Sent(PublishOutcome.UNAVAILABLE, Position.NONE));
    await().until(() -> publish(broker, "").outcome() == PublishOutcome.SENT);
    LogPart part = Objects.requireNonNull(read());
    assertThat(part.top().offset()).as("what failed was not done").isEqualTo(2);
  }

  @Test
  void aKeyIsRememberedWhenItsNodeHasGone() {
    RedisBroker first = broker("first");
    first.start(new RecordingEvents());
    await().until(() -> first.health().ready());
    Sent sent = publish(first, "k");
    first.close();
    assertThat(publish(broker, "k")).isEqualTo(sent);
  }

  @Test
  void whatSomebodyElseHasWrittenIntoTheLogIsNotServed() {
    publish(broker, "");
    redis.call("XADD", LOG, "2-1", "m", "garbage");
    redis.call("HINCRBY", "roomcast:{room:r}:at", "offset", "1");
    publish(broker, "");
    LogPart part = Objects.requireNonNull(read());
    assertThat(part.publications()).hasSize(1);
    assertThat(part.oldest()).isEqualTo(3);
    assertThat(part.reachesBackTo(new Position(part.top().epoch(), 1))).isFalse();
  }

  private LogPart read(String room, LogQuery query) {
    CompletableFuture<LogPart> done = new CompletableFuture<>();
    broker.read(room, query, done::complete);
    return Objects.requireNonNull(done.orTimeout(5, TimeUnit.SECONDS).join());
  }

  @Test
  void whoOnlyReadsLeavesNoTraceAndAPositionWithoutMessagesGoesSoon() {
    assertThat(read()).isEqualTo(LogPart.NONE);
    assertThat((List<?>) redis.call("KEYS", "roomcast:*")).isEmpty();
    read("r", LogQuery.position().forMembers(Position.NONE));
    assertThat((Long) redis.call("TTL", "roomcast:{room:r}:at")).isBetween(3_500L, 3_600L);
    publish(broker, "");
    assertThat((Long) redis.call("TTL", "roomcast:{room:r}:at")).isGreaterThan(86_400);
    read("r", LogQuery.position().forMembers(Position.NONE));
    assertThat((Long) redis.call("TTL", "roomcast:{room:r}:at")).isGreaterThan(86_400);
  }

  @Test
  void aRedisThatCameBackWithOlderDataIsFoundOutByWhoHasSeenMore() {
    publish(broker, "");
    publish(broker, "");
    Position seen = publish(broker, "").position();
    redis.call("HSET", "roomcast:{room:r}:at", "offset", "1");
    LogQuery query = LogQuery.after(0, 10, 10_000);
    assertThat(read("r", query).top()).isEqualTo(new Position(seen.epoch(), 1));
    LogPart anew = read("r", query.forMembers(seen));
    assertThat(anew.top().epoch()).isNotEqualTo(seen.epoch());
    assertThat(read("r", query.forMembers(seen))).as("once").isEqualTo(anew);
  }

  @Test
  void eachMessageGoesWhenItIsOldAndNoSooner() throws InterruptedException {
    long began = System.nanoTime();
    publish(broker, "aging", "");
    TimeUnit.SECONDS.sleep(1);
    long second = System.nanoTime();
    publish(broker, "aging", "");
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> read("aging", LogQuery.position()).oldest() > 1);
    assertThat(System.nanoTime() - began).isGreaterThan(Duration.ofMillis(2_990).toNanos());
    LogPart part = read("aging", LogQuery.after(0, 9, 10_000));
    if (System.nanoTime() - second < Duration.ofMillis(2_900).toNanos()) {
      assertThat(part.publications()).hasSize(1);
    }
    await().until(() -> read("aging", LogQuery.position()).oldest() == 3);
    assertThat(publish(broker, "aging", "").position().offset()).isEqualTo(3);
  }

  @Test
  void noMoreIsFetchedThanMayBeAnswered() throws IOException {
    for (int i = 0; i < 5; i++) {
      publish(broker, "");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("MONITOR\r\n".getBytes(UTF_8));
      BufferedReader seen =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      assertThat(seen.readLine()).isEqualTo("+OK");
      // Less than two messages may have, of those that there can be.
      assertThat(read("r", LogQuery.after(0, 10, 100_000)).publications()).hasSize(5);
      redis.call("ECHO", "done");
      List<String> ranges = new ArrayList<>();
      for (String line = seen.readLine(); !line.contains("\"done\""); line = seen.readLine()) {
        if (line.contains(" lua]") && line.contains("\"XRANGE\"")) {
          ranges.add(line);
        }
      }
      assertThat(ranges).isNotEmpty().allMatch(line -> line.endsWith("\"COUNT\" \"1\""));
    }
  }

  @Test
  void aKeyOfAnotherKindIsAnErrorAndNothingIsSent() {
    publish(broker, "");
    redis.call("SET", LOG, "mine");
    assertThat(publish(broker, "").outcome()).isEqualTo(PublishOutcome.UNAVAILABLE);
    assertThat(read()).isNull();
    redis.call("DEL", LOG);
    assertThat(publish(broker, "").position().offset()).as("none was spent").isEqualTo(2);
  }

  @Test
  void aLogWhosePositionWasLostBeginsAnew() {
    Position before = publish(broker, "").position();
    redis.call("DEL", "roomcast:{room:r}:at");
    Position after = publish(broker, "").position();
    assertThat(after.offset()).isEqualTo(1);
    assertThat(after.epoch()).isNotEqualTo(before.epoch());
    LogPart part = Objects.requireNonNull(read());
    assertThat(part.publications()).hasSize(1);
  }

  @Test
  void whatRedisHasNoMemoryToRememberIsNotSent() {
    RecordingEvents heard = new RecordingEvents();
    RedisBroker member = broker("member");
    member.start(heard);
    member.subscribe("plain", 1);
    await().until(() -> heard.of("plain").equals(List.of("subscribed 1")));
    redis.call("CONFIG", "SET", "maxmemory", "1");
    assertThat(publish(broker, "plain", "k").outcome()).isEqualTo(PublishOutcome.UNAVAILABLE);
    redis.call("CONFIG", "SET", "maxmemory", "0");
    assertThat(publish(broker, "plain", "k").outcome()).isEqualTo(PublishOutcome.SENT);
    assertThat(publish(broker, "plain", "k").outcome()).isEqualTo(PublishOutcome.SENT);
    assertThat(publish(broker, "plain", "last").outcome()).isEqualTo(PublishOutcome.SENT);
    await().until(() -> heard.of("plain").stream().anyMatch(json -> json.contains("last")));
    assertThat(heard.of("plain")).as("joined, the first and the last").hasSize(3);
    member.close();
  }

  @Test
  void theKeysOfOneRoomAreNoneOfAnothers() {
    publish(broker, "zz}:log");
    assertThat((List<?>) redis.call("KEYS", "roomcast:*"))
        .asString()
        .contains("roomcast:{room:r}:key:zz%7D%3Alog");
  }

  @Test
  void aLogWhoseMessagesWereLostKeepsItsPosition() {
    Position before = publish(broker, "").position();
    redis.call("DEL", LOG);
    LogPart part = Objects.requireNonNull(read());
    assertThat(part.top()).isEqualTo(before);
    assertThat(part.oldest()).isEqualTo(2);
    assertThat(publish(broker, "").position().offset()).isEqualTo(2);
  }
}
