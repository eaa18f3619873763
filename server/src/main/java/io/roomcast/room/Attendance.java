package io.roomcast.room;

import io.roomcast.protocol.PresenceEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Presence on this node: which users are in which rooms by its own sessions, who has just gone and
 * may come back within the time of grace, and what the members of each room have been told of
 * everybody. Rooms whose rules do not want presence never come here.
 *
 * <p>Thread-safe. {@link Presence} is never called with a lock held.
 */
public final class Attendance implements Presence.Local {
  private static final int STRIPES = 64;

  private final Presence presence;
  private final Rulebook rulebook;
  private final Time time;
  private final Map<String, PresenceView> views = new ConcurrentHashMap<>();
  private final Stripe[] stripes =
      IntStream.range(0, STRIPES).mapToObj(i -> new Stripe()).toArray(Stripe[]::new);

  /** Joins with an info so far. */
  private final AtomicLong arrivals = new AtomicLong();

  private final AtomicInteger users = new AtomicInteger();
  private final LongAdder joined = new LongAdder();
  private final LongAdder left = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** A share of the rooms; guarded by itself. */
  private static final class Stripe {
    final Map<String, Map<String, Attender>> rooms = new HashMap<>();
    final PriorityQueue<Lingering> lingering = new PriorityQueue<>();
  }

  /** One user in one room by this node. */
  private static final class Attender {
    int sessions;

    /** When the time of grace ends, once there is no session left. */
    long until;

    /** What the last session to join with an info has brought, and which join that was. */
    long arrival;

    String info = "";
  }

  private record Lingering(long until, String room, String user) implements Comparable<Lingering> {
    @Override
    public int compareTo(Lingering other) {
      return Long.compare(until, other.until);
    }
  }

  Attendance(Presence presence, Rulebook rulebook, Time time) {
    this.presence = presence;
    this.rulebook = rulebook;
    this.time = time;
  }

  /** Whether a room tells who is in it. */
  public boolean has(String room) {
    return rulebook.of(room).presence();
  }

  /** Begins. */
  void start() {
    presence.start(this);
  }

  private Stripe stripe(String room) {
    int hash = room.hashCode();
    return stripes[(hash ^ hash >>> 16) & (STRIPES - 1)];
  }

  /**
   * A session of a user has joined a room.
   *
   * @param info what others may know of the user, one JSON value; or empty, which changes nothing
   */
  void enter(String room, String user, String info) {
    Stripe stripe = stripe(room);
    boolean changed;
    synchronized (stripe) {
      Attender attender =
          stripe
              .rooms
              .computeIfAbsent(room, r -> new HashMap<>())
              .computeIfAbsent(user, u -> added());
      // Who comes back in time was never gone.
      boolean back = attender.sessions == 0 && attender.until != 0;
      boolean news = !info.isEmpty() && !(back && info.equals(attender.info));
      if (news) {
        attender.info = info;
        attender.arrival = arrivals.incrementAndGet();
      }
      changed = news || !back;
      attender.sessions++;
      attender.until = 0;
    }
    if (changed) {
      presence.changed(room, user);
    }
  }

  private Attender added() {
    users.incrementAndGet();
    return new Attender();
  }

  /** It has left again. */
  void leave(String room, String user) {
    long grace = rulebook.of(room).grace().toMillis();
    Stripe stripe = stripe(room);
    boolean changed;
    synchronized (stripe) {
      Attender attender = stripe.rooms.getOrDefault(room, Map.of()).get(user);
      if (attender == null) {
        return;
      }
      attender.sessions--;
      changed = attender.sessions > 0 || grace == 0;
      if (attender.sessions == 0 && grace > 0) {
        attender.until = time.millis() + grace;
        stripe.lingering.add(new Lingering(attender.until, room, user));
      } else if (attender.sessions == 0) {
        remove(stripe, room, user);
      }
    }
    if (changed) {
      presence.changed(room, user);
    }
  }

  private void remove(Stripe stripe, String room, String user) {
    Map<String, Attender> all = stripe.rooms.get(room);
    if (all != null && all.remove(user) != null) {
      users.decrementAndGet();
      if (all.isEmpty()) {
        stripe.rooms.remove(room);
      }
    }
  }

  /** A second has passed. Called by one thread. */
  void tick() {
    long now = time.millis();
    List<Lingering> over = new ArrayList<>(0);
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        Lingering next;
        while ((next = stripe.lingering.peek()) != null && next.until() <= now) {
          stripe.lingering.remove();
          Attender attender = stripe.rooms.getOrDefault(next.room(), Map.of()).get(next.user());
          if (attender != null && attender.sessions == 0 && attender.until == next.until()) {
            remove(stripe, next.room(), next.user());
            over.add(next);
          }
        }
      }
    }
    over.forEach(gone -> presence.changed(gone.room(), gone.user()));
    views.values().forEach(PresenceView::tick);
  }

  @Override
  public Presence.Stay stay(String room, String user) {
    Stripe stripe = stripe(room);
    synchronized (stripe) {
      Attender attender = stripe.rooms.getOrDefault(room, Map.of()).get(user);
      return attender == null
          ? Presence.Stay.NONE
          : new Presence.Stay(stated(attender), attender.arrival, attender.info);
    }
  }

  /** A session that has gone counts until the time of grace is over. */
  private static int stated(Attender attender) {
    return Math.max(1, attender.sessions);
  }

  @Override
  public List<String> rooms() {
    List<String> all = new ArrayList<>();
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        all.addAll(stripe.rooms.keySet());
      }
    }
    return all;
  }

  @Override
  public Map<String, Integer> users(String room) {
    Stripe stripe = stripe(room);
    Map<String, Integer> all = new HashMap<>();
    synchronized (stripe) {
      stripe.rooms.getOrDefault(room, Map.of()).forEach((user, a) -> all.put(user, stated(a)));
    }
    return all;
  }

  /** This node wants a room from now on. */
  void open(String room, Consumer<RoomEvent> members) {
    if (has(room)) {
      views.put(
          room,
          new PresenceView(room, presence, time, (name, event) -> tell(name, event, members)));
    }
  }

  private void tell(String room, PresenceEvent event, Consumer<RoomEvent> members) {
    (event.joined() ? joined : left).increment();
    members.accept(new Publication(room, event.json(room), ""));
  }

  /** This node wants it no longer. */
  void close(String room) {
    views.remove(room);
  }

  /** The broker brings a change. */
  void take(RoomEvent.Present present) {
    PresenceView view = views.get(present.room());
    if (view != null) {
      view.take(present.event());
    }
  }

  /** From here on all changes of a room arrive; what came before may have been missed. */
  void confirmed(String room) {
    PresenceView view = views.get(room);
    if (view != null) {
      view.confirmed();
    }
  }

  /** Nothing arrives of these rooms until they are confirmed again. */
  void interrupted(Predicate<String> stopped) {
    views.forEach(
        (room, view) -> {
          if (stopped.test(room)) {
            view.interrupted();
          }
        });
  }

  @Override
  public void unsure() {
    views.values().forEach(PresenceView::read);
  }

  @Override
  public void failed() {
    failed.increment();
  }

  /** See {@link PresenceView#await}. */
  boolean await(String room, Runnable then) {
    PresenceView view = views.get(room);
    return view != null && view.await(then);
  }

  /**
   * Asks who is in a room that {@link #has} presence: as its members here have been told, so that
   * an answer and the events before and after it fit together, or else as {@link Presence} has it.
   *
   * @param counts whether the numbers alone are wanted
   * @param after users after this one, or empty
   * @param limit how many users at most, from 1; fewer come, with {@code more}, when what is to be
   *     known of them is large
   * @param callback may be called before this returns
   */
  public void read(
      String room, boolean counts, String after, int limit, Presence.PageCallback callback) {
    PresenceView view = counts ? null : views.get(room);
    Presence.Page page = view == null ? null : view.page(after, limit);
    if (page != null) {
      callback.done(page.bounded());
    } else {
      presence.read(
          room,
          after,
          counts ? 0 : limit,
          read -> callback.done(read == null ? null : read.bounded()));
    }
  }

  /** What presence has done on this node so far. */
  public PresenceCounts counts() {
    return new PresenceCounts(users.get(), joined.sum(), left.sum(), failed.sum());
  }
}
