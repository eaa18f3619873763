package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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

  private final Lane lane;
  private final Transport transport;
  private final Bill bill;

  private final Joined joined = new Joined();
  private int placeOnLane;

  /** Only when it has shown any. */
  private @Nullable Credentials credentials;

  private String id = "";

  /** Messages sent under the name before the last {@code connect} may still be under way. */
  private String formerId = "";

  private String name = "";

  /** What waits for a join to end; only while there is something. */
  private @Nullable Held held;

  /** The rooms where it does not keep up; made when first needed. */
  private @Nullable Lags lags;

  /** What it asked of logs; made when first needed. */
  private @Nullable Turns turns;

  /** What waits for a decision on an earlier command; only once there was one to wait for. */
  private @Nullable Deferred deferred;

  private boolean touched;
  private boolean closed;

  Session(Lane lane, Transport transport, Bill bill) {
    this.lane = lane;
    this.transport = transport;
    this.bill = bill;
  }

  /** What it has used of what it may. */
  Bill bill() {
    return bill;
  }

  /** The lane it lives on. */
  public Lane lane() {
    return lane;
  }

  Transport transport() {
    return transport;
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

  /** Its name, if it has one yet. */
  String knownId() {
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
    String user = user();
    return user.isEmpty() ? name : user;
  }

  /** The user of its last token, also when that is over; or empty. */
  String user() {
    return credentials == null ? "" : credentials.shown().user();
  }

  void name(String value) {
    name = value;
  }

  /** Who it is at this moment: {@link Authenticator.Identity#ANONYMOUS} too when that is over. */
  Authenticator.Identity identity() {
    return credentials == null ? Authenticator.Identity.ANONYMOUS : credentials.identity();
  }

  /**
   * What it has shown, and may show more of.
   *
   * @param lessened see {@link Credentials}
   */
  Credentials credentials(BiConsumer<Session, String> lessened) {
    Credentials mine = credentials;
    if (mine == null) {
      mine = new Credentials(this, lessened);
      credentials = mine;
    }
    return mine;
  }

  /** Does something for each room that it has joined or asked to join; it may leave it. */
  void forEachRoom(Consumer<Room> action) {
    joined.forEach(action);
  }

  /** What a token for this one room allows there, as a sum of {@link Action#bit}. */
  int granted(String room) {
    return credentials == null ? 0 : credentials.granted(room);
  }

  /** The commands that wait for a decision; made when the first one does. */
  Deferred deferred() {
    Deferred mine = deferred;
    if (mine == null) {
      mine = new Deferred();
      deferred = mine;
    }
    return mine;
  }

  /** Forgets what waited, when nothing does. */
  void rest() {
    if (deferred != null && deferred.idle()) {
      deferred = null;
    }
  }

  /** Whether it showed a token that was good, and is no longer. */
  boolean expired() {
    return credentials != null && credentials.expired();
  }

  /** What a token for a room allowed is over, unless the session is in it or asks to be. */
  void forgetTokenUnlessIn(String room) {
    if (credentials != null) {
      credentials.forgetUnlessIn(room);
    }
  }

  /** Whether an earlier command waits for a decision. */
  boolean waits() {
    return deferred != null && deferred.taken();
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
      touch();
    } else if (transport.write(outgoing)) {
      touch();
    }
    return part.size();
  }

  /** Sends messages of a room to this client alone, framed as what goes to a whole room. */
  void write(List<Publication> publications) {
    if (closed || publications.isEmpty()) {
      return;
    }
    Outgoing outgoing = new Outgoing(publications);
    try {
      if (transport.write(outgoing)) {
        touch();
      }
    } finally {
      outgoing.release();
    }
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
    if (credentials != null) {
      credentials.end();
    }
    while (joined.count() > 0) {
      joined.last().leave(this);
    }
    bill.end();
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
    return joined.count();
  }

  /** The rooms that it has joined or asked to join. */
  List<String> roomNames() {
    List<String> names = new ArrayList<>(joined.count());
    joined.forEach(room -> names.addFirst(room.name()));
    return names;
  }

  /**
   * Keeps something to do until this session has joined a room, or given up.
   *
   * @return false when too much waits already
   */
  boolean hold(Room room, Runnable action) {
    Held all = held;
    if (all == null) {
      all = new Held();
      held = all;
    }
    return all.hold(room, action);
  }

  /** Does what was kept for a room, in order. */
  void release(Room room) {
    if (held != null && held.release(room)) {
      held = null;
    }
  }

  /** Where this session stands in a room, or {@link #WAITING}, or {@link #NONE}. */
  int placeIn(Room room) {
    return joined.placeIn(room);
  }

  void put(Room room, int place) {
    int before = joined.count();
    joined.put(room, place);
    if (joined.count() != before) {
      bill.inRoom();
    }
  }

  void remove(Room room) {
    if (!joined.remove(room)) {
      return;
    }
    bill.leftRoom();
    Lag lag = lag(room);
    if (lag != null) {
      lags().remove(lag);
    }
    if (credentials != null) {
      credentials.forget(room.name());
    }
  }
}
