package io.roomcast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.room.Cluster;
import io.roomcast.room.Cluster.Answers;
import io.roomcast.room.ClusterAnswer;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.ClusterContract;
import io.roomcast.room.DropReason;
import io.roomcast.room.RecordingEvents;
import io.roomcast.room.RuleChange;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;
import io.roomcast.testing.RedisProcess;
import io.roomcast.testing.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisClusterIT extends ClusterContract {
  private static final String CONTROL = "roomcast:control:room:";

  private static RedisProcess redis;

  private final RecordingEvents events = new RecordingEvents();
  private final List<RedisBroker> brokers = new ArrayList<>();

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @AfterEach
  void closeBrokers() {
    brokers.forEach(RedisBroker::close);
  }

  private RedisBroker broker(String prefix) {
    RedisBroker broker =
        new RedisBroker(
            new RedisConfig(redis.uri(), prefix, 65536, "node"), Rulebook.EMPTY, Time.SYSTEM);
    brokers.add(broker);
    broker.start(events);
    return broker;
  }

  @Override
  protected List<Cluster> create() {
    // What one test has kept there is not told to the next one's nodes.
    try (RespClient client = redis.client()) {
      client.call("FLUSHALL");
    }
    return List.of(broker("room:").cluster(), broker("room:").cluster());
  }

  private static Answers status(Cluster cluster) {
    Queue<Answers> answers = new ConcurrentLinkedQueue<>();
    cluster.ask(new ClusterCommand.Status(), answers::add);
    await().until(() -> !answers.isEmpty());
    return answers.element();
  }

  @Test
  void anotherPrefixIsAnotherCluster() {
    Cluster other = broker("other:").cluster();
    other.start(command -> new ClusterAnswer.Done("elsewhere", 0, 0));
    await().until(() -> status(other).complete());
    assertThat(status(other).nodes()).containsExactly(new ClusterAnswer.Done("elsewhere", 0, 0));
  }

  @Test
  void itsChannelsAreNoRooms() {
    assertThat(redis.channels("room:*")).isEmpty();
    assertThat(redis.subscribers(CONTROL)).isEqualTo(2);
  }

  @Test
  void whatIsNotUnderstoodIsCountedAndNoNodePublishesIntoARoom() {
    try (RespClient reader = redis.client();
        RespClient stranger = redis.client()) {
      reader.call("SUBSCRIBE", "room:r");
      String ask = "rcc1 ask=1 to=" + CONTROL + "#x\n";
      List<String> lies =
          List.of(
              "",
              "hello",
              "rcc2 ask=1 to=" + CONTROL + "#x\nstatus",
              "rcc1 ask=1 to=room:r\nstatus",
              "rcc1 ask=1 to=%zz\nstatus",
              ask + "explode",
              ask + "sessions user= limit=5",
              ask + "rooms prefix= after= limit=100000",
              ask + "disconnect user=a code=1000 text=",
              ask + "join user=a room=%00",
              "rcc1 answer=1 from=x\ndone node=a sessions=-1 failed=0");
      for (String lie : lies) {
        stranger.call("PUBLISH", CONTROL, lie);
      }
      await().until(() -> events.drops().size() == 2 * lies.size());
      assertThat(events.drops()).containsOnly(DropReason.BROKER_MALFORMED);
      // The only thing that came to the room is what is published now.
      stranger.call("PUBLISH", "room:r", "last");
      assertThat(reader.read()).isEqualTo(List.of("message", "room:r", "last"));
    }
  }

  @Test
  void aStrangerMakesUpNoNodes() {
    Cluster asking = brokers.getFirst().cluster();
    try (RespClient stranger = redis.client()) {
      // To all: nobody knows the channel that only the asking node hears.
      for (int i = 1; i < 50; i++) {
        stranger.call(
            "PUBLISH", CONTROL, "rcc1 answer=9" + i + " from=x\ndone node=x sessions=1 failed=0\n");
      }
    }
    assertThat(status(asking).nodes()).hasSize(2);
  }

  private static Answers change(Cluster cluster, long version, String line) {
    Queue<Answers> answers = new ConcurrentLinkedQueue<>();
    cluster.ask(
        new ClusterCommand.ChangeRules(
            new RuleChange(version, "00000000000000aa", true, List.of(line))),
        answers::add);
    await().until(() -> !answers.isEmpty());
    return answers.element();
  }

  /** What a node that comes now is told of the rules. */
  private List<ClusterCommand> toldToANewNode() {
    Queue<ClusterCommand> heard = new ConcurrentLinkedQueue<>();
    Cluster late = broker("room:").cluster();
    late.start(
        command -> {
          if (command instanceof ClusterCommand.ChangeRules) {
            heard.add(command);
          }
          return new ClusterAnswer.Done("late", 0, 0);
        });
    await().until(() -> !heard.isEmpty());
    return List.copyOf(heard);
  }

  @Test
  void whoComesLaterIsToldTheLastChangeOfRulesWhicheverCameLast() {
    Cluster asking = brokers.getFirst().cluster();
    assertThat(change(asking, 5, "later local").complete()).isTrue();
    assertThat(change(asking, 4, "earlier local").complete()).isTrue();
    assertThat(toldToANewNode())
        .containsOnly(
            new ClusterCommand.ChangeRules(
                new RuleChange(5, "00000000000000aa", true, List.of("later local"))));
    try (RespClient client = redis.client()) {
      assertThat(client.call("ZCARD", CONTROL + ":rules")).isEqualTo(1L);
    }
  }

  @Test
  void whatIsKeptAndCannotBeUnderstoodIsPassedOver() {
    try (RespClient client = redis.client()) {
      client.call("ZADD", CONTROL + ":rules", "9", "change-rules version=9 by=x given=1\nr rule=a");
      assertThat(change(brokers.getFirst().cluster(), 10, "a local").complete()).isTrue();
      assertThat(toldToANewNode()).hasSize(1);
    }
  }

  @Test
  void aRedisThatWasEmptiedIsToldAgain() {
    change(brokers.getFirst().cluster(), 5, "a local");
    try (RespClient client = redis.client()) {
      client.call("FLUSHALL");
      client.call("CLIENT", "KILL", "SKIPME", "yes");
      await().until(() -> client.call("ZSCORE", CONTROL + ":rules", kept(5, "a")), "5"::equals);
    }
  }

  private static String kept(long version, String room) {
    return "change-rules version=%d by=00000000000000aa given=1\nr rule=%s+local\n"
        .formatted(version, room);
  }

  @Test
  void withoutRedisANodeAnswersForItselfAndSaysSo() {
    Cluster asking = brokers.getFirst().cluster();
    redis.close();
    try {
      await().until(() -> !status(asking).reached());
      Answers answers = status(asking);
      assertThat(answers.nodes()).hasSize(1);
      assertThat(answers.complete()).isFalse();
      // Rules hold on all nodes or on none.
      assertThat(change(asking, 6, "a local")).isEqualTo(new Cluster.Answers(List.of(), 0, false));
    } finally {
      redis = RedisProcess.start();
    }
  }
}
