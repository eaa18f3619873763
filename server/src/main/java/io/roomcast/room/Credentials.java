package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What one session has shown: who it is and until when, and what tokens for single rooms allow it
 * there. Ends the session, or its membership, when a token's time is over. Belongs to the lane's
 * thread.
 *
 * <p>Times are those of {@link Time#millis}, so that a clock that is set makes nobody leave.
 */
final class Credentials implements Wheel.Entry {
  private final Session session;
  private final BiConsumer<Session, String> lessened;
  private Authenticator.Identity identity = Authenticator.Identity.ANONYMOUS;
  private long until = Long.MAX_VALUE;
  private List<RoomToken> roomTokens = List.of();
  private int place = -1;

  /** What a token for one room allows there. */
  private record RoomToken(String room, int actions, long until) {}

  /**
   * Has shown nothing.
   *
   * @param lessened told of each room whose token is over
   */
  Credentials(Session session, BiConsumer<Session, String> lessened) {
    this.session = session;
    this.lessened = lessened;
  }

  /** Who it is at this moment. */
  Authenticator.Identity identity() {
    return until > now() ? identity : Authenticator.Identity.ANONYMOUS;
  }

  /** Who it was when it last showed a token, also when that is over. */
  Authenticator.Identity shown() {
    return identity;
  }

  void show(Authenticator.Identity shown) {
    identity = shown;
    until = end(shown.expiresMillis());
    arm();
  }

  /** A token for one room was shown, in place of an earlier one. */
  void show(String room, Authenticator.Identity shown) {
    forget(room);
    List<RoomToken> more = new ArrayList<>(roomTokens);
    more.add(new RoomToken(room, shown.grants().actions(room), end(shown.expiresMillis())));
    roomTokens = more;
    arm();
  }

  /** The session has left the room, and with it what a token allowed there. */
  void forget(String room) {
    if (!roomTokens.isEmpty()) {
      roomTokens = roomTokens.stream().filter(token -> !token.room().equals(room)).toList();
    }
  }

  /** The same, unless the session is in the room or asks to be. */
  void forgetUnlessIn(String room) {
    Room joined = session.lane().find(room);
    if (joined == null || session.placeIn(joined) == Session.NONE) {
      forget(room);
    }
  }

  /** Whether it showed a token that was good, and is no longer. */
  boolean expired() {
    return identity.signedIn() && until <= now();
  }

  /** What a token for this very room allows there, as a sum of {@link Action#bit}. */
  int granted(String room) {
    for (int i = 0; i < roomTokens.size(); i++) {
      RoomToken token = roomTokens.get(i);
      if (token.room().equals(room) && token.until() > now()) {
        return token.actions();
      }
    }
    return 0;
  }

  private long now() {
    return session.lane().time().millis();
  }

  private long end(long wallMillis) {
    Time time = session.lane().time();
    return wallMillis == Long.MAX_VALUE
        ? wallMillis
        : time.millis() + wallMillis - time.wallMillis();
  }

  private void arm() {
    long first = until;
    for (RoomToken token : roomTokens) {
      first = Math.min(first, token.until());
    }
    if (first == Long.MAX_VALUE) {
      end();
      return;
    }
    long seconds = Math.floorDiv(first - now() + 999, 1000L);
    session.lane().wheel().set(this, Math.clamp(seconds, 1, Wheel.MAX_SECONDS));
  }

  /** The session ends. */
  void end() {
    session.lane().wheel().clear(this);
  }

  @Override
  public void onDeadline() {
    long now = now();
    if (until <= now) {
      session.close(CloseCode.TOKEN_EXPIRED, "the token has expired: come back with a new one", 0);
      return;
    }
    List<RoomToken> over = roomTokens.stream().filter(token -> token.until() <= now).toList();
    roomTokens = roomTokens.stream().filter(token -> token.until() > now).toList();
    over.forEach(token -> lessened.accept(session, token.room()));
    if (!session.closed()) {
      arm();
    }
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int value) {
    place = value;
  }
}
