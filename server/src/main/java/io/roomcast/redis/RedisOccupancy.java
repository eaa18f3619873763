package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.roomcast.protocol.RoomName;
import io.roomcast.redis.Statements.Statement;
import io.roomcast.room.Occupancy;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which rooms have members on any node, by one script (occupancy.lua): a node states where that has
 * changed for it, as it is at that moment, and in the same step hears what has turned by it. One
 * statement is under way at a time, of up to {@value Statements#BATCH} rooms.
 *
 * <p>Every {@value #BEAT_MILLIS} ms the node says that it is there. One that is silent for {@value
 * #LEASE_MILLIS} ms is cleaned up after, but only by a node that has reached Redis all that time:
 * when Redis was away, everybody was silent. A node that others have taken for gone takes another
 * name, and states everything again.
 *
 * <p>Belongs to the owner's thread, but for the methods of the port. Costs nothing until it is
 * started.
 */
final class RedisOccupancy implements Occupancy {
  private static final long BEAT_MILLIS = 3_000;

  /** With two beats and a statement, within what is promised. */
  private static final long LEASE_MILLIS = 12_000;

  /** Beats after which a node may say that others are silent. */
  private static final int PATIENCE = (int) (LEASE_MILLIS / BEAT_MILLIS);

  private static final long CLOSE_MILLIS = 500;
  private static final Logger LOG = LoggerFactory.getLogger(RedisOccupancy.class);
  private static final Pattern TURN =
      Pattern.compile("([1-9][0-9]{0,17}) ([01]) (.+)", Pattern.DOTALL);

  private final Publisher publisher;
  private final Scripts scripts;
  private final Owner owner;
  private final byte[] key;
  private final AtomicBoolean scheduled = new AtomicBoolean();

  private final Statements statements = new Statements();

  private String node = UUID.randomUUID().toString();
  private boolean registered;

  /** When the newest turn of those that were given came, as Redis counts. */
  private long given;

  /** Beats that were answered, one after another. */
  private int beats;

  private boolean underWay;
  private boolean refused;
  private boolean ended;
  private @Nullable CountDownLatch settled;
  private volatile @Nullable Local local;

  RedisOccupancy(Publisher publisher, Scripts scripts, Owner owner, String prefix) {
    this.publisher = publisher;
    this.scripts = scripts;
    this.owner = owner;
    this.key = ("roomcast:{" + prefix + "}:filled").getBytes(UTF_8);
  }

  @Override
  public void start(Local part) {
    local = part;
    owner.execute(this::beat);
    owner.every(BEAT_MILLIS, this::beat);
  }

  @Override
  public void changed(String room) {
    statements.changed(room);
    wake();
  }

  @Override
  public void told(Turn turn) {
    told(turn.sequence() + (turn.filled() ? " 1 " : " 0 ") + turn.room());
  }

  private void told(String turn) {
    statements.told(turn);
    wake();
  }

  private void wake() {
    if (scheduled.compareAndSet(false, true)) {
      owner.execute(
          () -> {
            scheduled.set(false);
            state();
          });
    }
  }

  /** Redis can be reached again, and may have lost what it was told. */
  void connected() {
    if (local != null) {
      beats = 0;
      statements.all();
      beat();
    }
  }

  /** States what waits, or only that the node is there. */
  private void beat() {
    Local part = local;
    if (part == null || underWay || ended) {
      return;
    }
    if (!publisher.up()) {
      beats = 0;
      settled();
      return;
    }
    beats++;
    ask(statements.next(part));
  }

  /** Says what it did not say in one step. */
  private void goOn(Local part) {
    if (!ended && publisher.up()) {
      ask(statements.next(part));
    }
  }

  /** States what waits, if anything does. */
  private void state() {
    Local part = local;
    if (part == null || underWay || ended) {
      return;
    }
    if (!publisher.up()) {
      settled();
      return;
    }
    Statement next = statements.next(part);
    if (next.empty() && registered) {
      settled();
    } else {
      ask(next);
    }
  }

  private void settled() {
    if (settled != null) {
      settled.countDown();
    }
  }

  private void ask(Statement statement) {
    underWay = true;
    run(
        registered ? "alive" : "new",
        statement,
        answer -> owner.execute(() -> answered(statement, answer)));
  }

  private void run(String word, Statement statement, Consumer<@Nullable List<byte[]>> callback) {
    // Nobody is cleaned up after before all of one's own rooms are stated: they may be one's own
    // under a former name.
    int sweep = !statement.last() ? 0 : beats > PATIENCE ? 2 : 1;
    publisher.ask(
        CommandType.EVALSHA,
        codec -> {
          CommandArgs<byte[], byte[]> args =
              new CommandArgs<>(codec)
                  .add(scripts.occupancy.sha)
                  .add(1)
                  .addKey(key)
                  .add(node.getBytes(UTF_8))
                  .add(word)
                  .add(sweep)
                  .add(LEASE_MILLIS)
                  .add(given)
                  .add(statement.told().size());
          statement.told().forEach(turn -> args.add(turn.getBytes(UTF_8)));
          statement
              .rooms()
              .forEach((room, occupied) -> args.add(room.getBytes(UTF_8)).add(occupied ? 1 : 0));
          return args;
        },
        callback);
  }

  private void answered(Statement statement, @Nullable List<byte[]> answer) {
    underWay = false;
    Local part = local;
    if (answer == null || answer.size() < 2 || part == null) {
      // Tried again with the next beat, or when there is a connection.
      beats = 0;
      if (!refused && publisher.up()) {
        refused = true;
        LOG.warn("Redis did not take which rooms have members; trying again");
      }
      statements.failed(statement);
      settled();
      return;
    }
    if (!flag(answer, 0)) {
      renew();
      goOn(part);
      return;
    }
    registered = true;
    refused = false;
    statements.taken(statement);
    for (int i = 2; i + 1 < answer.size(); i += 2) {
      give(text(answer, i), text(answer, i + 1), part);
    }
    if (flag(answer, 1) || answer.size() > 2) {
      goOn(part);
    } else {
      state();
    }
  }

  /** Others have taken this node for gone, or Redis has lost it. */
  private void renew() {
    node = UUID.randomUUID().toString();
    registered = false;
    given = 0;
    beats = 0;
    statements.all();
  }

  /** What came from Redis may be of somebody else's making. */
  private void give(String turn, String came, Local part) {
    if (came.matches("[0-9]{1,18}")) {
      given = Math.max(given, Long.parseLong(came));
    }
    Matcher parts = TURN.matcher(turn);
    if (parts.matches() && RoomName.flaw(parts.group(3)).isEmpty()) {
      part.turned(
          new Turn(parts.group(3), parts.group(2).equals("1"), Long.parseLong(parts.group(1))));
    } else {
      told(turn);
    }
  }

  private static boolean flag(List<byte[]> answer, int at) {
    return text(answer, at).equals("1");
  }

  private static String text(List<byte[]> answer, int at) {
    byte[] text = answer.get(at);
    return text == null ? "" : new String(text, UTF_8);
  }

  @Override
  public void settle() {
    CountDownLatch latch = new CountDownLatch(1);
    owner.execute(
        () -> {
          settled = latch;
          state();
        });
    await(latch);
  }

  @Override
  public void close() {
    if (local == null) {
      return;
    }
    settle();
    CountDownLatch latch = new CountDownLatch(1);
    owner.execute(
        () -> {
          ended = true;
          if (registered && publisher.up()) {
            run("end", new Statement(Map.of(), List.of(), false), answer -> latch.countDown());
          } else {
            latch.countDown();
          }
        });
    await(latch);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.debug("Redis does not answer: other nodes find out by themselves");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
