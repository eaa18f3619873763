package io.roomcast.redis;

import io.roomcast.protocol.Json;
import io.roomcast.room.Presence;
import io.roomcast.room.Rulebook;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence by Redis. Keeps what this node has to state and has not stated yet, and states it, room
 * by room, as it is at that moment: so what changes faster than Redis takes it costs one statement,
 * and what was not taken is made good by the next one.
 *
 * <p>Costs nothing while no rule wants presence; otherwise a statement for each change, and a beat
 * of {@link Nodes}, however many are in however many rooms. Everything is stated again when this
 * node has got another name.
 *
 * <p>What has no comment on its thread belongs to the owner's.
 */
final class RedisPresence implements Presence {
  /** Users of rooms that may wait to be stated; beyond that everything is stated anew. */
  static final int MOST_WAITING = 100_000;

  /** Users in one statement. */
  private static final int BATCH = 100;

  /** Statements under way. */
  private static final int WINDOW = 8;

  private static final long CLOSE_MILLIS = 500;
  private static final Logger LOG = LoggerFactory.getLogger(RedisPresence.class);

  private final PresenceCommands commands;
  private final Owner owner;
  private final Rulebook rulebook;
  private final Nodes nodes;
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Rooms and users whose sessions are to be stated; guarded by itself. */
  private final Map<String, Set<String>> waiting = new LinkedHashMap<>();

  /** How many users; guarded by {@link #waiting}. */
  private int count;

  /** Whether there were more than can wait; guarded by {@link #waiting}. */
  private boolean overflowed;

  /** Rooms that are still to be stated in whole, under a new name. */
  private final ArrayDeque<String> anew = new ArrayDeque<>();

  /** The one that is being stated now, and who of it is still to be. */
  private String room = "";

  private Iterator<String> users = Collections.emptyIterator();

  /** Rooms that others can know this node to have somebody in. */
  private final Set<String> announced = new HashSet<>();

  /** How many statements of which rooms are under way. */
  private final Map<String, Integer> rooms = new HashMap<>();

  private int underWay;
  private boolean begun;
  private volatile @Nullable Local local;

  RedisPresence(PresenceCommands commands, Owner owner, Rulebook rulebook) {
    this.commands = commands;
    this.owner = owner;
    this.rulebook = rulebook;
    this.nodes = new Nodes(commands, owner, this::stateAll);
  }

  /** From any thread. */
  @Override
  public void start(Local now) {
    local = now;
    owner.execute(this::beat);
    owner.every(Nodes.BEAT_MILLIS, this::beat);
  }

  /** Rules may begin or cease to ask for presence while the server runs. */
  private void beat() {
    if (rulebook.presence()) {
      nodes.beat();
    }
  }

  /** Redis can be reached again. */
  void connected() {
    if (local != null) {
      beat();
    }
  }

  /** From any thread. */
  @Override
  public void changed(String room, String user) {
    add(room, List.of(user));
    wake();
  }

  private void add(String room, Iterable<String> users) {
    synchronized (waiting) {
      Set<String> all = waiting.computeIfAbsent(room, r -> new LinkedHashSet<>(2));
      for (String user : users) {
        if (all.add(user)) {
          count++;
        }
      }
      if (count > MOST_WAITING) {
        overflowed = true;
        forgetWaiting();
      }
    }
  }

  private void forgetWaiting() {
    synchronized (waiting) {
      waiting.clear();
      count = 0;
    }
  }

  private void wake() {
    if (scheduled.compareAndSet(false, true)) {
      owner.execute(this::flush);
    }
  }

  /** This node has a new name, under which nothing is stated. */
  private void stateAll() {
    Local from = local;
    if (from == null) {
      return;
    }
    announced.clear();
    anew.clear();
    users = Collections.emptyIterator();
    synchronized (waiting) {
      forgetWaiting();
      overflowed = false;
    }
    // After that: who comes or goes from here on is in the one or in the other.
    anew.addAll(from.rooms());
    if (begun) {
      from.unsure();
    }
    begun = true;
    flush();
  }

  /** States what can be stated now. Called at each tick, and when there is news. */
  void flush() {
    scheduled.set(false);
    Local from = local;
    if (from == null || !nodes.registered()) {
      return;
    }
    if (overflow()) {
      nodes.renew();
      nodes.beat();
      return;
    }
    Statement next;
    while (underWay < WINDOW && (next = next(from)) != null) {
      state(next, from);
    }
  }

  private boolean overflow() {
    synchronized (waiting) {
      return overflowed;
    }
  }

  private record Statement(String room, List<String> users) {}

  private @Nullable Statement next(Local from) {
    Statement news = take();
    if (news != null) {
      return news;
    }
    while (!users.hasNext() && !anew.isEmpty()) {
      room = anew.remove();
      users = from.users(room).keySet().iterator();
    }
    return users.hasNext() ? new Statement(room, some(users)) : null;
  }

  private @Nullable Statement take() {
    synchronized (waiting) {
      Iterator<Map.Entry<String, Set<String>>> first = waiting.entrySet().iterator();
      if (!first.hasNext()) {
        return null;
      }
      Map.Entry<String, Set<String>> entry = first.next();
      List<String> some = some(entry.getValue().iterator());
      entry.getValue().removeAll(some);
      count -= some.size();
      if (entry.getValue().isEmpty()) {
        first.remove();
      }
      return new Statement(entry.getKey(), some);
    }
  }

  private static List<String> some(Iterator<String> all) {
    List<String> some = new ArrayList<>();
    while (all.hasNext() && some.size() < BATCH) {
      some.add(all.next());
    }
    return some;
  }

  private void state(Statement statement, Local from) {
    String room = statement.room();
    String name = nodes.id();
    if (announced.add(room)) {
      commands.addRoom(
          name,
          room,
          done -> {
            if (!done) {
              owner.execute(() -> failed(name, statement, from));
            }
          });
    }
    Map<String, Stay> stays = new LinkedHashMap<>();
    for (String user : statement.users()) {
      stays.put(user, from.stay(room, user));
    }
    underWay++;
    rooms.merge(room, 1, Integer::sum);
    commands.state(
        name, room, stays, answer -> owner.execute(() -> stated(name, statement, from, answer)));
  }

  private void stated(String name, Statement statement, Local from, @Nullable List<byte[]> answer) {
    String room = statement.room();
    underWay--;
    rooms.computeIfPresent(room, (r, n) -> n == 1 ? null : n - 1);
    if (answer == null) {
      // Tried again at the next tick.
      failed(name, statement, from);
      return;
    }
    boolean last = PresenceCommands.number(answer, 0) == 0 && !rooms.containsKey(room);
    if (last && name.equals(nodes.id()) && announced.remove(room)) {
      commands.removeRoom(name, room, done -> {});
    }
    flush();
  }

  private void failed(String name, Statement statement, Local from) {
    from.failed();
    if (name.equals(nodes.id())) {
      announced.remove(statement.room());
      add(statement.room(), statement.users());
    }
  }

  /** From any thread. */
  @Override
  public void read(String room, String after, int limit, PageCallback callback) {
    commands.read(
        room,
        after,
        limit == 0 ? 0 : limit + 1,
        answer -> callback.done(answer == null ? null : page(answer, limit)));
  }

  private static @Nullable Page page(List<byte[]> answer, int limit) {
    long count = PresenceCommands.number(answer, 0);
    long sessions = PresenceCommands.number(answer, 1);
    int users = (int) PresenceCommands.number(answer, 2);
    if (count < 0 || users < 0 || answer.size() < 3 + users) {
      return null;
    }
    List<String> some = new ArrayList<>();
    Map<String, String> infos = new LinkedHashMap<>(0);
    for (int i = 3; i < 3 + Math.min(limit, users); i++) {
      String user = PresenceCommands.text(answer.get(i));
      some.add(user);
      byte[] info = i + users < answer.size() ? answer.get(i + users) : null;
      if (info != null && Json.isInfo(info, 0, info.length)) {
        infos.put(user, PresenceCommands.text(info));
      }
    }
    return new Page(some, infos, users > limit && limit > 0, count, Math.max(0, sessions));
  }

  /** Others take back what this node has stated when the longest time of grace is over. */
  @Override
  public void close() {
    boolean started = local != null;
    local = null;
    if (!started || !rulebook.presence()) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    owner.execute(() -> end(done));
    try {
      if (!done.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.debug("Redis was not told that this node ends: others find out by themselves");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(CountDownLatch done) {
    long grace =
        announced.stream()
            .map(room -> rulebook.of(room).grace())
            .max(Duration::compareTo)
            .orElse(Duration.ZERO)
            .toMillis();
    nodes.end((int) (1 + grace / Nodes.BEAT_MILLIS), done::countDown);
  }
}
