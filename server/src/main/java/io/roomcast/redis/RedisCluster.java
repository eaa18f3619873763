package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.roomcast.redis.ControlCodec.Message;
import io.roomcast.room.Broker.PublishOutcome;
import io.roomcast.room.Cluster;
import io.roomcast.room.ClusterAnswer;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.DropReason;
import io.roomcast.room.LogEvent;
import io.roomcast.room.Time;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all nodes by a channel that each of them is subscribed to, and hears their answers by one of
 * its own. How many are asked is known from Redis, which says how many it passed a question to.
 *
 * <p>The channels are called after the prefix of rooms, so that two applications on one Redis do
 * not command each other, and are never under it. A question is answered to channels of nodes only,
 * whatever it says: nobody makes a node publish into a room.
 */
final class RedisCluster
    implements Cluster, Link.Peer<StatefulRedisPubSubConnection<byte[], byte[]>> {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCluster.class);

  /** Questions of this node without an answer, and questions of others being answered. */
  private static final int MOST = 256;

  private static final Answers NOBODY = new Answers(List.of(), 0, false);

  /** Nodes whose answers are taken: somebody may make up more. */
  private static final int MOST_NODES = 1024;

  private final String all;
  private final String id = UUID.randomUUID().toString();
  private final String own;
  private final Publisher publisher;
  private final Owner owner;
  private final Time time;
  private final Consumer<DropReason> dropped;
  private final Link<StatefulRedisPubSubConnection<byte[], byte[]>> link;
  private final KeptRevocations kept;
  private final KeptRules keptRules;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, Gathering> gatherings = new ConcurrentHashMap<>();
  private final Semaphore answering = new Semaphore(MOST);

  /** Whether Redis has confirmed that this node hears. */
  private volatile boolean hearing;

  private volatile @Nullable Local local;

  /**
   * Is not started yet.
   *
   * @param dropped hears of what came and was not understood
   */
  RedisCluster(
      Client client,
      String prefix,
      Owner owner,
      Time time,
      Publisher publisher,
      Consumer<DropReason> dropped) {
    this.all = channel(prefix);
    this.own = all + "#" + id;
    this.owner = owner;
    this.time = time;
    this.publisher = publisher;
    this.dropped = dropped;
    this.kept = new KeptRevocations(all, publisher, time);
    this.keptRules = new KeptRules(all, publisher);
    this.link =
        new Link<>(
            "Redis at " + client.address() + ", between nodes",
            () -> client.connectPubSub(ByteArrayCodec.INSTANCE),
            owner,
            time,
            this);
  }

  /** The channel by which all are asked. */
  private static String channel(String prefix) {
    String name = "roomcast:control:" + prefix;
    return name.startsWith(prefix) ? "control:" + name : name;
  }

  @Override
  public void start(Local local) {
    this.local = local;
    owner.execute(link::start);
  }

  @Override
  public void ask(ClusterCommand command, Callback callback) {
    Local here = local;
    if (here == null) {
      callback.done(NOBODY);
      return;
    }
    if (!hearing || !publisher.up() || gatherings.size() >= MOST) {
      Thread.ofVirtual().name("roomcast-cluster").start(() -> alone(here, command, callback));
      return;
    }
    // First: who misses the question reads it when it is back.
    switch (command) {
      case ClusterCommand.Revoke revoke -> {
        kept.keep(revoke.revocation());
        question(command, callback);
      }
      case ClusterCommand.ChangeRules change ->
          keptRules.keep(change.change(), done -> afterKept(done, command, callback));
      default -> question(command, callback);
    }
  }

  /** No node has other rules than the one that comes next will read. */
  private void afterKept(boolean done, ClusterCommand command, Callback callback) {
    if (done) {
      question(command, callback);
    } else {
      callback.done(NOBODY);
    }
  }

  private void question(ClusterCommand command, Callback callback) {
    String number = Long.toString(numbers.incrementAndGet());
    Gathering gathering =
        new Gathering(number, time.millis() + command.patience().toMillis(), callback);
    gatherings.put(number, gathering);
    byte[] question = ControlCodec.write(new Message.Ask(number, own, command));
    publisher.count(
        CommandType.PUBLISH,
        codec -> new CommandArgs<>(codec).addKey(all.getBytes(UTF_8)).add(question),
        gathering::asked);
  }

  /** What one node can do when it reaches no other. */
  private static void alone(Local here, ClusterCommand command, Callback callback) {
    if (command instanceof ClusterCommand.ChangeRules) {
      callback.done(NOBODY);
      return;
    }
    List<ClusterAnswer> answers = List.of();
    try {
      answers = List.of(here.carryOut(command));
    } catch (RuntimeException e) {
      LOG.warn(LogEvent.COMMAND_FAILED.marker(), "not carried out: {}", e.getMessage());
    }
    callback.done(new Answers(answers, 0, false));
  }

  /** Called by the owner, at each tick: gives up on those who do not answer. */
  void tick() {
    long now = time.millis();
    for (Gathering gathering : gatherings.values()) {
      if (gathering.deadline <= now) {
        gathering.end();
      }
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // What fails shows as not hearing.
  public void up(StatefulRedisPubSubConnection<byte[], byte[]> opened) {
    opened.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] channel, byte[] bytes) {
            heard(bytes);
          }
        });
    opened
        .async()
        .subscribe(all.getBytes(UTF_8), own.getBytes(UTF_8))
        .whenCompleteAsync(
            (done, error) -> {
              hearing = error == null;
              readKept();
              if (error != null) {
                link.replace(Reason.of(error));
              }
            },
            owner);
  }

  /** What was said while this node did not hear; whichever connection came last. */
  private void readKept() {
    Local here = local;
    if (here == null || !hearing || !publisher.up()) {
      return;
    }
    kept.read(
        found ->
            Thread.ofVirtual()
                .name("roomcast-cluster")
                .start(() -> found.forEach(one -> carryOut(here, new ClusterCommand.Revoke(one)))));
    keptRules.read(
        found ->
            Thread.ofVirtual()
                .name("roomcast-cluster")
                .start(() -> carryOut(here, new ClusterCommand.ChangeRules(found))));
  }

  private static void carryOut(Local here, ClusterCommand command) {
    try {
      here.carryOut(command);
    } catch (RuntimeException e) {
      LOG.warn("not carried out: {}", e.getMessage());
    }
  }

  /** There is a connection to publish by, or none. */
  void publishing(boolean now) {
    if (now) {
      readKept();
    }
  }

  @Override
  public void down() {
    hearing = false;
  }

  /** Something came. Called by the I/O thread. */
  private void heard(byte[] bytes) {
    Message message = ControlCodec.read(bytes).orElse(null);
    switch (message) {
      case Message.Ask ask when ask.to().startsWith(all + "#") -> answer(ask);
      case Message.Answer answer -> {
        Gathering gathering = gatherings.get(answer.number());
        if (gathering != null) {
          gathering.answered(answer.from(), answer.answer());
        }
      }
      case null, default -> dropped.accept(DropReason.BROKER_MALFORMED);
    }
  }

  private void answer(Message.Ask ask) {
    if (ask.command() instanceof ClusterCommand.ChangeRules change) {
      keptRules.heard(change.change());
    }
    Local here = local;
    if (here == null || !answering.tryAcquire()) {
      return;
    }
    Thread.ofVirtual()
        .name("roomcast-cluster")
        .start(
            () -> {
              try {
                ClusterAnswer answer = here.carryOut(ask.command());
                publisher.publish(
                    ask.to().getBytes(UTF_8),
                    ControlCodec.write(new Message.Answer(ask.number(), id, answer)),
                    (outcome, position) -> complain(outcome));
              } catch (RuntimeException e) {
                LOG.warn(LogEvent.COMMAND_FAILED.marker(), "not carried out: {}", e.getMessage());
              } finally {
                answering.release();
              }
            });
  }

  private static void complain(PublishOutcome outcome) {
    if (outcome != PublishOutcome.SENT) {
      LOG.warn(LogEvent.ANSWER_FAILED.marker(), "another node was not answered: {}", outcome);
    }
  }

  @Override
  public void close() {
    local = null;
    link.close();
    gatherings.values().forEach(Gathering::end);
  }

  /** One question, until all have answered or its time is over. */
  private final class Gathering {
    private final String number;
    private final long deadline;
    private final Callback callback;

    /** By who gives them: each counts once. */
    private final Map<String, ClusterAnswer> answers = new LinkedHashMap<>();

    /** How many were asked; negative until that is known. */
    private long asked = -1;

    private boolean ended;

    Gathering(String number, long deadline, Callback callback) {
      this.number = number;
      this.deadline = deadline;
      this.callback = callback;
    }

    /** Redis has the question, and passed it to so many; or it has not, or has not said. */
    void asked(@Nullable Long receivers) {
      synchronized (this) {
        asked = receivers == null ? -1 : receivers;
        if (receivers != null && answers.size() < asked) {
          return;
        }
      }
      end();
    }

    void answered(String from, ClusterAnswer answer) {
      synchronized (this) {
        if (answers.size() < MOST_NODES) {
          answers.put(from, answer);
        }
        if (asked < 0 || answers.size() < asked) {
          return;
        }
      }
      end();
    }

    void end() {
      Answers result;
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
        gatherings.remove(number);
        long silent = Math.max(0, asked - answers.size());
        boolean whole = asked >= 0 && (answers.containsKey(id) || silent > 0);
        result = new Answers(List.copyOf(answers.values()), (int) silent, whole);
      }
      callback.done(result);
    }
  }
}
