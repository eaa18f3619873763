package io.roomcast.room;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of the hub: its sessions, and its part of each room. Everything here
 * belongs to the loop's thread, but for {@link #offer}, by which other threads hand events over.
 *
 * <p>A turn of the lane takes what has been handed over, joins it room by room, writes it to at
 * most {@value #SLICE} members, and flushes each of them once. What is left waits for the next
 * turn, which begins after the loop has looked at its sockets: so a large room starves neither
 * others nor the loop, and a burst makes no slow reader of a member whose socket takes it.
 *
 * <pre>
 *   idle --offer--> scheduled --loop runs the turn--> idle, or scheduled again while work is left
 * </pre>
 */
public final class Lane implements Runnable {
  /** Writes in one turn. */
  static final int SLICE = 1024;

  /** Bytes of publications that are begun in one turn: far less than a session may have unread. */
  static final int SLICE_BYTES = 256 * 1024;

  private final int number;
  private final Hub hub;
  private final Executor loop;
  private final Executor later;
  private final BooleanSupplier inLoop;
  private final Time time;
  private final Telemetry telemetry;

  private final Inbox inbox = new Inbox();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  private final Overflow overflow = new Overflow();

  private final Map<String, Room> rooms = new HashMap<>();
  private final ArrayDeque<Room> ready = new ArrayDeque<>();
  private final Set<Room> waiting = new HashSet<>();

  /** Of the rooms that have one. */
  private final Set<RoomLog> logs = new HashSet<>();

  /** Bytes of the publications whose writing began in the present turn. */
  private int begun;

  private final ArrayDeque<Session> touched = new ArrayDeque<>();
  private final Wheel wheel = new Wheel();

  private final Sessions sessions = new Sessions();

  /** Written by the lane's thread alone, read by those who count. */
  private volatile int members;

  Lane(
      int number,
      Hub hub,
      Executor loop,
      Executor later,
      BooleanSupplier inLoop,
      Time time,
      Telemetry telemetry) {
    this.number = number;
    this.hub = hub;
    this.loop = loop;
    this.later = later;
    this.inLoop = inLoop;
    this.time = time;
    this.telemetry = telemetry;
    inbox.look(time.wallMillis());
  }

  int number() {
    return number;
  }

  /** Deadlines of this lane's connections. */
  public Wheel wheel() {
    assert owned();
    return wheel;
  }

  /** Whether the caller is on this lane's thread. */
  public boolean owned() {
    return inLoop.getAsBoolean();
  }

  Hub hub() {
    return hub;
  }

  Telemetry telemetry() {
    return telemetry;
  }

  Time time() {
    return time;
  }

  /** Runs something on this lane's thread, then flushes what it wrote. From any thread. */
  public void execute(Runnable task) {
    submit(
        loop,
        () -> {
          try {
            task.run();
          } finally {
            flush();
          }
        });
  }

  private void submit(Executor to, Runnable task) {
    try {
      to.execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has ended, and with it all that the task could be for.
      scheduled.set(false);
    }
  }

  /**
   * Hands an event over. From any thread; returns at once. What finds the queue full is counted,
   * and the room's members are told of the gap.
   */
  void offer(RoomEvent event) {
    if (!inbox.offer(event)) {
      if (event instanceof RoomEvent.Subscribed) {
        // Not to be lost, and never more of them than rooms with somebody waiting.
        execute(() -> take(event));
        return;
      }
      overflow.lost(event, inbox.evenWall());
      telemetry.dropped(DropReason.LANE_FULL, 1);
    }
    wake();
  }

  /** Sees to it that a turn comes. From any thread. */
  void wake() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      submit(loop, this);
    }
  }

  /**
   * Writes what has just been handed over, before a member leaves. Whatever is queued has a turn
   * coming, so none is asked for here; and a lane that is behind already is not pushed further.
   */
  void settle() {
    assert owned();
    if (ready.isEmpty() && !inbox.isEmpty()) {
      takeQueued();
      deliverReady();
      flush();
    }
  }

  /** One turn. Run by the loop. What throws on the way costs its own connection, not the lane. */
  @Override
  public void run() {
    assert owned();
    try {
      takeQueued();
      deliverReady();
      if (overflow.any() && inbox.isEmpty()) {
        announceOverflow();
      }
    } finally {
      try {
        flush();
      } finally {
        rest();
      }
    }
  }

  /** Takes only as fast as it is written, so that the bounds hold for all that waits. */
  private void takeQueued() {
    RoomEvent event;
    for (int n = 0; n < SLICE && (event = inbox.poll()) != null; n++) {
      take(event);
    }
  }

  private void deliverReady() {
    int budget = SLICE;
    begun = 0;
    Room room;
    while (budget > 0 && begun < SLICE_BYTES && (room = ready.pollFirst()) != null) {
      try {
        budget -= room.deliver(budget);
      } finally {
        if (room.hasWork()) {
          ready.addLast(room);
        }
      }
    }
  }

  private void rest() {
    if (!ready.isEmpty() || !inbox.isEmpty()) {
      submit(later, this);
      return;
    }
    scheduled.set(false);
    if (!inbox.isEmpty() || overflow.any()) {
      wake();
    }
  }

  private void take(RoomEvent event) {
    Room room = rooms.get(event.room());
    switch (event) {
      case Publication publication when room == null -> inbox.forget(publication);
      case Publication publication -> {
        RoomLog log = room.log();
        if (log != null && publication.logged()) {
          log.take(publication);
        } else {
          enqueue(room, publication);
        }
      }
      case RoomEvent.Subscribed subscribed when room != null -> room.confirmed();
      case RoomEvent.Subscribed subscribed -> {}
      case RoomEvent.Present present ->
          throw new IllegalStateException("members are told of it by a publication");
    }
  }

  Inbox inbox() {
    assert owned();
    return inbox;
  }

  /** Gives a room what has been counted, to be written to its members. */
  void enqueue(Room room, Publication publication) {
    boolean idle = !room.hasWork();
    inbox.pending();
    room.add(publication);
    if (idle) {
      ready.addLast(room);
    }
  }

  /** The writing of publications of so many bytes begins. */
  void begin(int bytes) {
    begun += bytes;
  }

  private void announceOverflow() {
    overflow.take(
        (name, since) -> {
          Room room = rooms.get(name);
          if (room == null) {
            return;
          }
          if (since != 0) {
            Publication gap = Publication.gap(name, since, time.wallMillis(), "overload");
            inbox.count(gap);
            enqueue(room, gap);
          }
          if (room.log() != null) {
            room.log().read();
          }
        });
  }

  /** Notes that a session has something to flush. */
  void touch(Session session) {
    touched.add(session);
  }

  /** Flushes what was written since the last flush. */
  public void flush() {
    assert owned();
    Session session;
    while ((session = touched.poll()) != null) {
      session.flush();
    }
  }

  /** A second has passed; called by the loop. */
  public void tick() {
    assert owned();
    inbox.look(time.wallMillis());
    wheel.tick();
    if (number == 0) {
      hub.attendance().tick();
    }
    long now = time.millis();
    for (Room room : List.copyOf(waiting)) {
      room.expireWaiting(now);
    }
    List.copyOf(logs).forEach(RoomLog::tick);
    if (overflow.any()) {
      // An overload that lasts must not keep its members waiting for the news.
      announceOverflow();
      wake();
    }
    flush();
  }

  @Nullable Room find(String name) {
    assert owned();
    return rooms.get(name);
  }

  /** The room, made when this lane has none of that name yet. */
  Room enter(String name) {
    assert owned();
    Room room = rooms.get(name);
    if (room == null) {
      room = new Room(name, hub.enter(name, this), this, hub.rulebook().of(name));
      rooms.put(name, room);
      RoomLog log = room.log();
      if (log != null) {
        logs.add(log);
        room.confirmed();
      }
    }
    return room;
  }

  /** Forgets the room, which has nobody left. */
  void leave(Room room) {
    assert owned();
    if (rooms.remove(room.name(), room)) {
      hub.leave(room.name(), this);
      RoomLog log = room.log();
      if (log != null) {
        logs.remove(log);
        log.close();
      }
    }
  }

  /** Other rules hold. From any thread. */
  void rulesChanged() {
    execute(() -> new RuleSweep(this, task -> submit(later, task), rooms.values()).run());
  }

  /** Of the rooms that keep one. */
  Set<RoomLog> logs() {
    return logs;
  }

  void waits(Room room, boolean waits) {
    if (waits) {
      waiting.add(room);
    } else {
      waiting.remove(room);
    }
  }

  /** Those that are here. */
  Sessions sessions() {
    assert owned();
    return sessions;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Only this lane's thread writes it.
  void countMember(int change) {
    assert owned();
    members += change;
  }

  long queuedBytes() {
    return inbox.bytes();
  }

  int sessionCount() {
    return sessions.count();
  }

  int memberCount() {
    return members;
  }
}
