package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One client link after it is known who it is, and the rooms it has joined. Lives and dies on its
 * lane; everything here belongs to the lane's thread.
 */
public final class Session {
  /** {@link #placeIn} a room that the session has asked to join. */
  static final int WAITING = -1;

  /** {@link #placeIn} a room that the session has nothing to do with. */
  static final int NONE = -2;

  private static final int MAX_HELD = 64;

  private static final Room[] NO_ROOMS = {};
  private static final int[] NO_PLACES = {};

  private final Lane lane;
  private final Transport transport;

  /** Rooms, the place of this session in each, and how many. Rooms are few: searched in turn. */
  private @Nullable Room[] rooms = NO_ROOMS;

  private int[] places = NO_PLACES;
  private int count;
  private int placeOnLane;

  private Authenticator.@Nullable Identity identity;
  private String id = "";

  /** Messages sent under the name before the last {@code connect} may still be under way. */
  private String formerId = "";

  private String name = "";

  /** What waits for a join to end; only while there is something. */
  private @Nullable ArrayDeque<Held> held;

  /** The rooms where it does not keep up; made when first needed. */
  private @Nullable Lags lags;

  /** What it asked of logs; made when first needed. */
  private @Nullable Turns turns;

  private boolean touched;
  private boolean closed;
  private long commands;
  private long errors;

  Session(Lane lane, Transport transport) {
    this.lane = lane;
    this.transport = transport;
  }

  /** The lane it lives on. */
  public Lane lane() {
    return lane;
  }

  int placeOnLane() {
    return placeOnLane;
  }

  void placeOnLane(int place) {
    placeOnLane = place;
  }

  /** Its name for {@code echo:false}; made when first asked for, unless the client brought one. */
  public String id() {
    if (id.isEmpty()) {
      id = UUID.randomUUID().toString();
    }
    return id;
  }

  void id(String value) {
    if (!value.equals(id)) {
      formerId = id;
      id = value;
    }
  }

  /** Whether this is, or just was, its name. Makes none up where nobody has asked for it yet. */
  boolean named(String value) {
    return !value.isEmpty() && (value.equals(id) || value.equals(formerId));
  }

  /** What others see as the sender: the token's user, or the name the client gave; or empty. */
  public String from() {
    return identity != null && !identity.user().isEmpty() ? identity.user() : name;
  }

  void name(String value) {
    name = value;
  }

  Authenticator.@Nullable Identity identity() {
    return identity;
  }

  void identity(Authenticator.Identity value) {
    identity = value;
  }

  /** Sends one JSON object to this client alone, at the end of the current turn. */
  public void send(byte[] json) {
    if (!closed) {
      transport.write(json);
      touch();
    }
  }

  /** Sends messages of a room to this client alone, but for those that are not for it. */
  void send(List<Publication> publications) {
    for (Publication publication : publications) {
      if (!named(publication.exclude())) {
        send(publication.json());
      }
    }
  }

  /** Sends what goes to a whole room. Answers how many publications of it that was. */
  int send(Outgoing outgoing) {
    if (closed) {
      return 0;
    }
    List<Publication> part = outgoing.publications();
    if (outgoing.excludes(this)) {
      part = outgoing.without(this);
      for (Publication publication : part) {
        transport.write(publication.json());
      }
    } else {
      transport.write(outgoing);
    }
    touch();
    return part.size();
  }

  /** Sends messages of a room to this client alone, framed as what goes to a whole room. */
  void write(List<Publication> publications) {
    if (closed || publications.isEmpty()) {
      return;
    }
    Outgoing outgoing = new Outgoing(publications);
    try {
      transport.write(outgoing);
    } finally {
      outgoing.release();
    }
    touch();
  }

  /** Whether the wire takes more, once it has sent what was written. */
  boolean writable() {
    if (transport.writable()) {
      return true;
    }
    transport.flush();
    return transport.writable();
  }

  /** Its transport is writable again, and was not. Called on the lane, also from within a write. */
  public void drained() {
    if (lags != null) {
      lags.drained();
    }
    Turns waiting = turns;
    if (waiting != null && waiting.any()) {
      lane.execute(waiting::progress);
    }
  }

  Turns turns() {
    if (turns == null) {
      turns = new Turns(this);
    }
    return turns;
  }

  Lags lags() {
    if (lags == null) {
      lags = new Lags(this);
    }
    return lags;
  }

  @Nullable Lag lag(Room room) {
    return lags == null ? null : lags.of(room);
  }

  private void touch() {
    if (!touched) {
      touched = true;
      lane.touch(this);
    }
  }

  void flush() {
    touched = false;
    transport.flush();
  }

  /** Ends the connection from this side. The transport then reports the end to {@link Node}. */
  public void close(CloseCode code, String text, long reconnectAfterMillis) {
    transport.close(code, text, reconnectAfterMillis);
  }

  /** Leaves every room, for ever. */
  boolean end() {
    if (closed) {
      return false;
    }
    closed = true;
    while (count > 0) {
      Room room = rooms[count - 1];
      if (room != null) {
        room.leave(this);
      }
    }
    return true;
  }

  /** The server ends; the client is told when to come back. */
  void goAway(long reconnectAfterMillis) {
    close(CloseCode.GOING_AWAY, CloseCode.GOING_AWAY.text(), reconnectAfterMillis);
  }

  boolean closed() {
    return closed;
  }

  int roomCount() {
    return count;
  }

  /** Takes one command from the session's allowance. */
  boolean mayCommand(Limits limits) {
    if (limits.commandsPerSecond() == 0) {
      return true;
    }
    long next =
        Pace.take(
            commands, lane.time().millis(), limits.commandsPerSecond(), limits.commandBurst());
    if (next == Pace.EMPTY) {
      return false;
    }
    commands = next;
    return true;
  }

  /** Takes one error from the session's allowance, when it is its own fault. */
  boolean mayErr(ErrorCode code, Limits limits) {
    if (!ownFault(code)) {
      return true;
    }
    long next = Pace.take(errors, lane.time().millis(), 1, limits.errors());
    if (next == Pace.EMPTY) {
      return false;
    }
    errors = next;
    return true;
  }

  /** Something to do when this session is no longer waiting to join a room. */
  private record Held(Room room, Runnable action) {}

  /**
   * Keeps something to do until this session has joined a room, or given up.
   *
   * @return false when {@value #MAX_HELD} wait already
   */
  boolean hold(Room room, Runnable action) {
    if (held == null) {
      held = new ArrayDeque<>(4);
    }
    return held.size() < MAX_HELD && held.add(new Held(room, action));
  }

  /** Does what was kept for a room, in order. */
  void release(Room room) {
    ArrayDeque<Held> all = held;
    if (all == null) {
      return;
    }
    held = null;
    for (Held one : all) {
      if (one.room() == room) {
        one.action().run();
      } else {
        hold(one.room(), one.action());
      }
    }
  }

  private static boolean ownFault(ErrorCode code) {
    return switch (code) {
      case RATE_LIMITED -> true;
      // Leaving quickly is no fault, however long the broker takes.
      case CANCELLED -> false;
      default -> !code.temporary();
    };
  }

  /** Where this session stands in a room, or {@link #WAITING}, or {@link #NONE}. */
  int placeIn(Room room) {
    int at = find(room);
    return at < 0 ? NONE : places[at];
  }

  void put(Room room, int place) {
    int at = find(room);
    if (at >= 0) {
      places[at] = place;
      return;
    }
    if (count == rooms.length) {
      int more = count == 0 ? 1 : count * 2;
      rooms = Arrays.copyOf(rooms, more);
      places = Arrays.copyOf(places, more);
    }
    rooms[count] = room;
    places[count] = place;
    count++;
  }

  void remove(Room room) {
    int at = find(room);
    if (at < 0) {
      return;
    }
    count--;
    rooms[at] = rooms[count];
    places[at] = places[count];
    rooms[count] = null;
    Lag lag = lag(room);
    if (lag != null) {
      lags().remove(lag);
    }
  }

  private int find(Room room) {
    for (int i = 0; i < count; i++) {
      if (rooms[i] == room) {
        return i;
      }
    }
    return -1;
  }
}
