package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.RoomName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * This node's sessions and rooms: spreads what the broker brings over the lanes that have members,
 * and tells the broker which rooms have any. No I/O.
 *
 * <p>Thread-safe. A publication takes no lock here; only a lane's first member of a room, and its
 * last one, do.
 */
public final class Hub {
  /** As many as an {@link Interest} has bits. */
  public static final int MAX_LANES = Long.SIZE;

  private static final int LOCKS = 256;

  private final Map<String, Interest> interests = new ConcurrentHashMap<>();
  private final Object[] locks = IntStream.range(0, LOCKS).mapToObj(i -> new Object()).toArray();
  private final AtomicLong tickets = new AtomicLong();
  private final Broker broker;
  private final Rulebook rulebook;
  private final Limits limits;
  private final Attendance attendance;
  private final Visits visits;
  private final LongAdder recovered = new LongAdder();
  private final LongAdder notRecovered = new LongAdder();
  private volatile Lane[] lanes = {};

  Hub(Broker broker, Rulebook rulebook, Limits limits, Attendance attendance, Visits visits) {
    this.attendance = attendance;
    this.broker = broker;
    this.rulebook = rulebook;
    this.limits = limits;
    this.visits = visits;
  }

  Attendance attendance() {
    return attendance;
  }

  Broker broker() {
    return broker;
  }

  Rulebook rulebook() {
    return rulebook;
  }

  /** Somebody has become a member. */
  void joined(String room, Session session) {
    if (visits.wanted()) {
      visits.joined(room, session.user(), session.id());
    }
  }

  /** Somebody is one no longer. */
  void left(String room, Session session) {
    if (visits.wanted()) {
      visits.left(room, session.user(), session.id());
    }
  }

  Limits limits() {
    return limits;
  }

  /**
   * A room as seen from this node.
   *
   * @param messages that were brought for it since its first member of now came
   */
  public record RoomInfo(String room, int members, long messages) {
    /** One that has been silent. */
    public RoomInfo(String room, int members) {
      this(room, members, 0);
    }
  }

  /**
   * What happens on this node, beside what {@link Telemetry} hears.
   *
   * @param queuedBytes of events that wait to be written to members
   * @param recovered joins that got exactly what they had missed, so far
   * @param notRecovered joins that asked for it and could not get it
   */
  public record Work(long queuedBytes, long recovered, long notRecovered) {}

  /** What there is on this node. */
  public record Size(int sessions, int rooms, int members) {}

  /** Adds a lane. Called before any session comes. */
  synchronized Lane addLane(
      java.util.concurrent.Executor loop,
      java.util.concurrent.Executor later,
      BooleanSupplier inLoop,
      Time time,
      Telemetry telemetry) {
    if (lanes.length == MAX_LANES) {
      throw new IllegalStateException("at most " + MAX_LANES + " lanes");
    }
    Lane lane = new Lane(lanes.length, this, loop, later, inLoop, time, telemetry);
    Lane[] more = java.util.Arrays.copyOf(lanes, lanes.length + 1);
    more[lanes.length] = lane;
    lanes = more;
    return lane;
  }

  /** A lane has somebody who wants the room, and had nobody before. */
  Interest enter(String room, Lane lane) {
    synchronized (lock(room)) {
      Interest interest = interests.get(room);
      if (interest == null) {
        interest = new Interest(tickets.incrementAndGet());
        interest.lanes = 1L << lane.number();
        interests.put(room, interest);
        attendance.open(room, this::dispatch);
        broker.subscribe(room, interest.ticket);
      } else {
        interest.lanes |= 1L << lane.number();
      }
      return interest;
    }
  }

  /** A lane has nobody left who wants the room. */
  void leave(String room, Lane lane) {
    synchronized (lock(room)) {
      Interest interest = interests.get(room);
      if (interest == null) {
        return;
      }
      interest.lanes &= ~(1L << lane.number());
      if (interest.lanes == 0) {
        interests.remove(room);
        attendance.close(room);
        broker.unsubscribe(room);
      }
    }
  }

  /** Hands an event to each lane that has members of its room. */
  void dispatch(RoomEvent event) {
    Interest interest = interests.get(event.room());
    if (interest == null) {
      return;
    }
    if (event instanceof RoomEvent.Subscribed subscribed) {
      if (subscribed.ticket() != interest.ticket) {
        return;
      }
      interest.live = true;
    } else {
      interest.messages.increment();
      if (event instanceof Publication publication) {
        interest.prepare(publication);
      }
    }
    Lane[] all = lanes;
    for (long left = interest.lanes; left != 0; left &= left - 1) {
      all[Long.numberOfTrailingZeros(left)].offer(event);
    }
  }

  /**
   * Hands an event to this node's members alone. Those that tell one room of something this way
   * take turns, so that its members on all lanes see one order.
   */
  void dispatchLocally(RoomEvent event) {
    synchronized (lock(event.room())) {
      dispatch(event);
    }
  }

  /** Rooms that are not live until the broker says so again. */
  void interrupted(Predicate<String> stopped) {
    interests.forEach(
        (room, interest) -> {
          if (stopped.test(room)) {
            interest.live = false;
          }
        });
  }

  /** Other rules hold: every room that is there follows them. */
  void rulesChanged() {
    for (Lane lane : lanes) {
      lane.rulesChanged();
    }
  }

  /** The lanes there are. */
  List<Lane> lanes() {
    return List.of(lanes);
  }

  /** Closes up to this many sessions on each lane. */
  void closeSome(int onEachLane, ToLongFunction<Session> reconnectAfterMillis) {
    forSessions(
        onEachLane,
        session ->
            session.close(
                CloseCode.GOING_AWAY,
                CloseCode.GOING_AWAY.text(),
                reconnectAfterMillis.applyAsLong(session)));
  }

  /** Does something with up to so many sessions of each lane, those that came last first. */
  void forSessions(int onEachLane, Consumer<Session> action) {
    for (Lane lane : lanes) {
      lane.execute(() -> lane.sessions().forLast(onEachLane, action));
    }
  }

  /** A join asked for what it had missed. From any thread. */
  public void asked(boolean gotIt) {
    (gotIt ? recovered : notRecovered).increment();
  }

  /** What happens, at about this moment. */
  public Work work() {
    long queued = 0;
    for (Lane lane : lanes) {
      queued += lane.queuedBytes();
    }
    return new Work(queued, recovered.sum(), notRecovered.sum());
  }

  /** How many there are of each, at about this moment. */
  public Size size() {
    int sessions = 0;
    int members = 0;
    for (Lane lane : lanes) {
      sessions += lane.sessionCount();
      members += lane.memberCount();
    }
    return new Size(sessions, interests.size(), members);
  }

  /**
   * The rooms that have members on this node, by name in Unicode order.
   *
   * @param prefix what the names begin with, or empty
   * @param after only names after this one, or empty for all
   * @param limit how many at most
   */
  public List<RoomInfo> rooms(String prefix, String after, int limit) {
    return interests.entrySet().stream()
        .filter(e -> e.getKey().startsWith(prefix) && e.getKey().compareTo(after) > 0)
        .map(e -> info(e.getKey(), e.getValue()))
        .filter(info -> info.members() > 0)
        .sorted(Comparator.comparing(RoomInfo::room))
        .limit(limit)
        .toList();
  }

  private static RoomInfo info(String room, Interest interest) {
    return new RoomInfo(room, interest.members.get(), interest.messages.sum());
  }

  private Object lock(String room) {
    assert RoomName.flaw(room).isEmpty() : room;
    int hash = room.hashCode();
    return locks[(hash ^ hash >>> 16) & (LOCKS - 1)];
  }
}
