package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.config.RuleReader;
import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import io.roomcast.room.Broker.PublishOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Broker} promises of rooms with a log and of publish keys, whoever implements it. */
public abstract class LogContract {
  protected static final int SIZE = 10;

  /** To be given to the broker. */
  public static final Rulebook RULES =
      RuleReader.book(
          List.of(
              "log:* log=" + SIZE + "/1h",
              "brief:* log=100/1s keys=1s",
              "long:* log=1000/1h",
              "plain:* keys=1h"));

  private final RecordingEvents events = new RecordingEvents();
  private final String name = UUID.randomUUID() + " {}/äöü😀";
  private Broker broker;

  /** A broker that is not started yet; each call may give another node. */
  protected abstract Broker create();

  /** On which messages are published and logs are read; may be another node. */
  protected Broker elsewhere() {
    return broker;
  }

  /** Lets more than a second pass for the broker. */
  protected abstract void aSecondPasses();

  @BeforeEach
  void startBroker() {
    broker = create();
    broker.start(events);
    await().until(() -> broker.health().ready());
  }

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  private record Sent(PublishOutcome outcome, Position position) {}

  private static Sent publish(Broker by, String room, String text, String key, String exclude) {
    CompletableFuture<Sent> done = new CompletableFuture<>();
    byte[] json = Event.message(room, ("\"" + text + "\"").getBytes(UTF_8), "me", 17, key);
    by.publish(
        new Publication(room, json, exclude),
        key,
        (outcome, position) -> done.complete(new Sent(outcome, position)));
    return done.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
  }

  private Position publish(String room, String text) {
    Sent sent = publish(elsewhere(), room, text, "", "");
    assertThat(sent.outcome()).isEqualTo(PublishOutcome.SENT);
    return sent.position();
  }

  private LogPart read(String room, LogQuery query) {
    CompletableFuture<LogPart> done = new CompletableFuture<>();
    elsewhere().read(room, query, done::complete);
    LogPart part = done.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
    assertThat(part).isNotNull();
    return part;
  }

  private static List<Long> offsets(LogPart part) {
    return part.publications().stream().map(p -> p.position().offset()).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private List<Publication> heard(String room) {
    return events.all().stream()
        .filter(e -> e instanceof Publication && e.room().equals(room))
        .map(e -> (Publication) e)
        .toList();
  }

  private void subscribe(String room) {
    broker.subscribe(room, 1);
    await().until(() -> events.of(room).contains("subscribed 1"));
  }

  @Test
  void offsetsCountFromOneAndTravelWithTheMessage() {
    String room = "log:" + name;
    subscribe(room);
    Position first = publish(room, "a");
    Position second = publish(room, "b");
    assertThat(first.offset()).isEqualTo(1);
    assertThat(second).isEqualTo(new Position(first.epoch(), 2));
    await().until(() -> heard(room).size() == 2);
    assertThat(heard(room)).extracting(Publication::position).containsExactly(first, second);
    assertThat(new String(heard(room).get(1).json(), UTF_8))
        .endsWith(",\"message\":\"b\",\"from\":\"me\",\"time\":17,\"offset\":2}");
  }

  @Test
  void theLogKeepsWhatWasDeliveredByteForByte() {
    String room = "log:" + name;
    subscribe(room);
    publish(elsewhere(), room, "a", "", "session 1");
    publish(room, "b");
    await().until(() -> heard(room).size() == 2);
    LogPart part = read(room, LogQuery.after(0, 10, 10_000));
    assertThat(part.top()).isEqualTo(heard(room).get(1).position());
    assertThat(part.oldest()).isEqualTo(1);
    for (int i = 0; i < 2; i++) {
      Publication kept = part.publications().get(i);
      Publication delivered = heard(room).get(i);
      assertThat(kept.json()).isEqualTo(delivered.json());
      assertThat(kept.exclude())
          .isEqualTo(delivered.exclude())
          .isEqualTo(i == 0 ? "session 1" : "");
      assertThat(kept.position()).isEqualTo(delivered.position());
      assertThat(kept.room()).isEqualTo(room);
    }
  }

  @Test
  void theNewestStayAndTheOldestGo() {
    String room = "log:" + name;
    for (int i = 1; i <= SIZE + 5; i++) {
      publish(room, "m" + i);
    }
    LogPart all = read(room, LogQuery.after(0, 100, 100_000));
    assertThat(offsets(all)).isEqualTo(range(6, SIZE + 5));
    assertThat(all.oldest()).isEqualTo(6);
    assertThat(all.reachesBackTo(new Position(all.top().epoch(), 5))).isTrue();
    assertThat(all.reachesBackTo(new Position(all.top().epoch(), 4))).isFalse();
    assertThat(all.reachesBackTo(new Position("other", 5))).isFalse();
  }

  @Test
  void everyPartCanBeReadFromBothSides() {
    String room = "log:" + name;
    for (int i = 1; i <= SIZE; i++) {
      publish(room, "m" + i);
    }
    assertThat(offsets(read(room, LogQuery.after(3, 4, 100_000)))).isEqualTo(range(4, 7));
    assertThat(offsets(read(room, LogQuery.after(8, 4, 100_000)))).isEqualTo(range(9, 10));
    assertThat(offsets(read(room, LogQuery.after(10, 4, 100_000)))).isEmpty();
    assertThat(offsets(read(room, LogQuery.after(99, 4, 100_000)))).isEmpty();
    assertThat(offsets(read(room, LogQuery.before(5, 3, 100_000)))).isEqualTo(range(2, 4));
    assertThat(offsets(read(room, LogQuery.before(1, 3, 100_000)))).isEmpty();
    assertThat(offsets(read(room, LogQuery.before(Long.MAX_VALUE, 3, 100_000))))
        .isEqualTo(range(8, 10));
    assertThat(offsets(read(room, new LogQuery(2, 9, 100, 100_000, true, LogQuery.Asker.ANYBODY))))
        .isEqualTo(range(3, 8));
    LogPart position = read(room, LogQuery.position());
    assertThat(position.publications()).isEmpty();
    assertThat(position.top().offset()).isEqualTo(SIZE);
  }

  @Test
  void aPartHasNoMoreBytesThanAskedForButOneMessage() {
    String room = "log:" + name;
    for (int i = 0; i < 4; i++) {
      publish(room, "x".repeat(1000));
    }
    assertThat(offsets(read(room, LogQuery.after(0, 10, 2600)))).isEqualTo(range(1, 2));
    assertThat(offsets(read(room, LogQuery.before(Long.MAX_VALUE, 10, 2600))))
        .isEqualTo(range(3, 4));
    assertThat(offsets(read(room, LogQuery.after(1, 10, 1)))).containsExactly(2L);
  }

  @Test
  void aLongLogIsReadInOneGo() {
    String room = "long:" + name;
    for (int i = 0; i < 100; i++) {
      publish(room, "m" + i);
    }
    assertThat(offsets(read(room, LogQuery.after(0, 1000, 1_000_000)))).isEqualTo(range(1, 100));
    assertThat(offsets(read(room, LogQuery.before(Long.MAX_VALUE, 50, 1_000_000))))
        .isEqualTo(range(51, 100));
  }

  @Test
  void onlyMembersBeginALog() {
    String room = "log:" + name;
    assertThat(read(room, LogQuery.after(0, 10, 1000))).isEqualTo(LogPart.NONE);
    LogPart empty = read(room, LogQuery.position().forMembers(Position.NONE));
    assertThat(empty.publications()).isEmpty();
    assertThat(empty.top().known()).isTrue();
    assertThat(empty.top().offset()).isZero();
    assertThat(empty.oldest()).isEqualTo(1);
    assertThat(read(room, LogQuery.after(0, 10, 1000))).isEqualTo(empty);
    assertThat(publish(room, "first")).isEqualTo(new Position(empty.top().epoch(), 1));
  }

  @Test
  void aLogThatHasLostWhatItsMembersSawIsAnotherOne() {
    String room = "log:" + name;
    publish(room, "a");
    Position at = publish(room, "b");
    LogQuery all = LogQuery.after(0, 10, 1000);
    assertThat(read(room, all.forMembers(at)).top()).isEqualTo(at);
    Position other = new Position(at.epoch() + "x", 9);
    assertThat(read(room, all.forMembers(other)).top()).isEqualTo(at);
    LogPart anew = read(room, all.forMembers(new Position(at.epoch(), 3)));
    assertThat(anew.top().epoch()).isNotEqualTo(at.epoch());
    assertThat(anew.publications()).isEmpty();
    assertThat(anew.oldest()).isEqualTo(anew.top().offset() + 1);
    assertThat(publish(room, "c"))
        .isEqualTo(new Position(anew.top().epoch(), anew.top().offset() + 1));
    assertThat(read(room, all).reachesBackTo(at)).isFalse();
  }

  @Test
  void aRoomWithoutALogHasNoPosition() {
    String room = "plain:" + name;
    subscribe(room);
    assertThat(publish(room, "a")).isEqualTo(Position.NONE);
    LogPart none = read(room, LogQuery.after(0, 10, 1000));
    assertThat(none.top().known()).isFalse();
    assertThat(none.publications()).isEmpty();
    await().until(() -> heard(room).size() == 1);
    assertThat(heard(room).get(0).logged()).isFalse();
  }

  @Test
  void messagesGoWhenTheyAreOldAndThePositionStays() {
    String room = "brief:" + name;
    Position position = publish(room, "a");
    aSecondPasses();
    LogPart later = read(room, LogQuery.after(0, 10, 1000));
    assertThat(later.publications()).isEmpty();
    assertThat(later.top()).isEqualTo(position);
    assertThat(later.oldest()).isEqualTo(2);
    assertThat(later.reachesBackTo(position)).isTrue();
    assertThat(publish(room, "b").offset()).isEqualTo(2);
  }

  @Test
  void aRepeatedKeyIsTheSameMessage() {
    for (String room : List.of("log:" + name, "plain:" + name)) {
      subscribe(room);
      Sent first = publish(elsewhere(), room, "a", "k 1", "");
      Sent again = publish(broker, room, "changed", "k 1", "");
      Sent other = publish(elsewhere(), room, "b", "k 2", "");
      assertThat(again).isEqualTo(first);
      assertThat(other.outcome()).isEqualTo(PublishOutcome.SENT);
      await().until(() -> heard(room).size() >= 2);
      assertThat(heard(room))
          .extracting(
              p -> new String(p.json(), UTF_8).replaceAll(".*\"message\":\"(\\w+)\".*", "$1"))
          .containsExactly("a", "b");
    }
  }

  @Test
  void aKeyIsForgottenAfterItsTime() {
    String room = "brief:" + name;
    Sent first = publish(elsewhere(), room, "a", "k", "");
    aSecondPasses();
    assertThat(publish(elsewhere(), room, "a", "k", "").position().offset())
        .isEqualTo(first.position().offset() + 1);
  }

  @Test
  void whatFourPublishInOneRoomHasOneOrderWithoutHoles() throws InterruptedException {
    String room = "long:" + name;
    subscribe(room);
    Queue<Position> positions = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < 100; i++) {
                  positions.add(publish(room, "m"));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    await().until(() -> heard(room).size() == 400);
    assertThat(heard(room).stream().map(p -> p.position().offset()).toList())
        .isEqualTo(range(1, 400));
    assertThat(positions.stream().map(Position::offset).sorted().toList()).isEqualTo(range(1, 400));
  }

  @Test
  void afterTheEndNothingIsRead() {
    broker.close();
    List<LogPart> parts = new ArrayList<>();
    broker.read("log:" + name, LogQuery.position(), parts::add);
    assertThat(parts).hasSize(1).containsOnlyNulls();
  }
}
