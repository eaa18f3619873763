package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.roomcast.room.Census;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What users have on all nodes, by one script (census.lua): a node states what has changed, as it
 * is at that moment, and gets what others have in the same step; so of two nodes that both let in
 * one too many, one hears of it. One statement is under way at a time, of up to {@value #BATCH}
 * users, so what changes faster than Redis answers costs no more.
 *
 * <p>Every {@value #BEAT_MILLIS} ms the node says that it is there; what it has stated ends with
 * that, and it hears who of its users has come to another node or left it. When another one is
 * gone, or Redis was, everything is stated again.
 *
 * <p>Belongs to the owner's thread, but for {@link #changed}. Costs nothing until it is started.
 */
final class RedisCensus implements Census {
  private static final long BEAT_MILLIS = 3_000;

  /** With a beat more, and a statement, within what is promised. */
  private static final long LEASE_MILLIS = FORGET_SECONDS * 1000L - BEAT_MILLIS;

  private static final int BATCH = 100;

  /** Beyond which everything is stated again, in place of each. */
  private static final int MOST_WAITING = 100_000;

  private final Publisher publisher;
  private final Scripts scripts;
  private final Owner owner;
  private final byte[] key;
  private final String node = UUID.randomUUID().toString();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Guarded by itself. */
  private final Set<String> waiting = new LinkedHashSet<>();

  private Set<String> nodes = Set.of();
  private boolean underWay;
  private volatile @Nullable Local local;

  RedisCensus(Publisher publisher, Scripts scripts, Owner owner, String prefix) {
    this.publisher = publisher;
    this.scripts = scripts;
    this.owner = owner;
    this.key = ("roomcast:{" + prefix + "}:census").getBytes(UTF_8);
  }

  /** From any thread. */
  @Override
  public void start(Local part) {
    local = part;
    owner.execute(this::state);
    owner.every(BEAT_MILLIS, this::state);
  }

  @Override
  public void changed(String user) {
    boolean overflow;
    synchronized (waiting) {
      overflow = waiting.size() >= MOST_WAITING && !waiting.contains(user);
      if (!overflow) {
        waiting.add(user);
      }
    }
    if (overflow) {
      owner.execute(this::stateAll);
    } else if (scheduled.compareAndSet(false, true)) {
      owner.execute(
          () -> {
            scheduled.set(false);
            state();
          });
    }
  }

  /** Redis can be reached again. */
  void connected() {
    stateAll();
  }

  private void stateAll() {
    Local part = local;
    if (part != null) {
      wait(part.users());
      state();
    }
  }

  private void wait(Collection<String> users) {
    synchronized (waiting) {
      waiting.addAll(users);
    }
  }

  /** Some of those that wait. */
  private List<String> next() {
    List<String> users = new ArrayList<>();
    synchronized (waiting) {
      Iterator<String> all = waiting.iterator();
      while (users.size() < BATCH && all.hasNext()) {
        users.add(all.next());
        all.remove();
      }
    }
    return users;
  }

  /** States what waits, or only that the node is there. */
  private void state() {
    Local part = local;
    if (part == null || underWay || !publisher.up()) {
      return;
    }
    underWay = true;
    List<String> users = next();
    List<Statement> statements = users.stream().map(part::state).toList();
    publisher.ask(
        CommandType.EVALSHA,
        codec -> {
          CommandArgs<byte[], byte[]> args =
              new CommandArgs<>(codec)
                  .add(scripts.census.sha)
                  .add(1)
                  .addKey(key)
                  .add(node.getBytes(UTF_8))
                  .add(LEASE_MILLIS);
          for (int i = 0; i < users.size(); i++) {
            Counts counts = statements.get(i).counts();
            args.add(users.get(i).getBytes(UTF_8)).add(counts.connections()).add(counts.rooms());
          }
          return args;
        },
        answer -> owner.execute(() -> answered(users, statements, answer)));
  }

  private void answered(
      List<String> users, List<Statement> statements, @Nullable List<byte[]> answer) {
    underWay = false;
    if (answer == null || answer.size() < 2 + nodes(answer) + 3 * users.size()) {
      // Tried again with the next beat, or when there is a connection.
      statements.forEach(Statement::failed);
      wait(users);
      return;
    }
    int at = 2 + nodes(answer);
    for (Statement statement : statements) {
      statement.told(
          new Elsewhere(number(answer, at), number(answer, at + 1), number(answer, at + 2)));
      at += 3;
    }
    wait(answer.subList(at, answer.size()).stream().map(user -> new String(user, UTF_8)).toList());
    boolean others = observe(answer);
    if (number(answer, 0) == 0 || others) {
      stateAll();
    } else {
      boolean more;
      synchronized (waiting) {
        more = !waiting.isEmpty();
      }
      if (more) {
        state();
      }
    }
  }

  /** Whether another node is gone, and what was told of it is wrong now. */
  private boolean observe(List<byte[]> answer) {
    Set<String> now = new HashSet<>();
    for (int i = 0; i < nodes(answer); i++) {
      now.add(new String(answer.get(2 + i), UTF_8));
    }
    boolean gone = !now.containsAll(nodes);
    nodes = now;
    return gone;
  }

  private static int nodes(List<byte[]> answer) {
    return Math.min(number(answer, 1), answer.size());
  }

  /** What came from Redis may be of somebody else's making. */
  private static int number(List<byte[]> answer, int at) {
    String text =
        at < answer.size() && answer.get(at) != null ? new String(answer.get(at), UTF_8) : "";
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }
}
