package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What one connection, or one request, has used of its own allowance, and the accounts beside its
 * own that it is charged to. Charges go from the narrowest to the widest, so that what somebody is
 * refused is not taken from others.
 *
 * <p>Belongs to the lane's thread, but for {@link #tooMany}.
 */
public final class Bill {
  private final Quotas quotas;
  private final @Nullable Account address;
  private @Nullable Account user;

  /** Where connections are not counted, or it is a request, it stays out of the counts. */
  private boolean entered;

  private boolean ended;
  private int rooms;

  /** A room is counted that the session is about to be put into. */
  private boolean reserved;

  private long commands;
  private long bytes;
  private long joins;
  private long errors;

  /** Names the connection where its user has no name; made when first asked for. */
  private String sender = "";

  /** Both guarded by this. */
  private @Nullable Session session;

  private boolean surplus;

  Bill(Quotas quotas, @Nullable Account address) {
    this.quotas = quotas;
    this.address = address;
  }

  /** Counts it as a connection. Answers what stands in the way, and then nothing is counted. */
  public @Nullable Denial enter() {
    if (address != null && !address.enter(this)) {
      return quotas.deny(Payer.ADDRESS, Cost.CONNECTIONS, Quotas.RETRY_MILLIS);
    }
    Account node = quotas.node();
    if (node != null && !node.enter(this)) {
      if (address != null) {
        address.leave(this);
      }
      return quotas.deny(Payer.NODE, Cost.CONNECTIONS, Quotas.RETRY_MILLIS);
    }
    entered = true;
    return null;
  }

  /**
   * The same for a handshake, which costs its address and the node as much as a command: who comes
   * back at once whenever it is closed pays for that too.
   */
  public @Nullable Denial knock() {
    Denial denial = enter();
    Account node = quotas.node();
    long now = quotas.time().millis();
    long wait = 0;
    if (denial == null && address != null && (wait = address.charge(Cost.COMMANDS, 1, now)) > 0) {
      return quotas.deny(Payer.ADDRESS, Cost.COMMANDS, wait);
    }
    if (denial == null && node != null && (wait = node.charge(Cost.COMMANDS, 1, now)) > 0) {
      return quotas.deny(Payer.NODE, Cost.COMMANDS, wait);
    }
    return denial;
  }

  /** Says whose it is from now on. Answers what stands in the way; it is then whose it was. */
  public @Nullable Denial become(String name) {
    Account former = user;
    if (ended || !quotas.countsUsers() || name.equals(former == null ? "" : former.key())) {
      return null;
    }
    Account next = name.isEmpty() ? null : quotas.accounts().take(name);
    if (next != null && entered && !next.enter(this)) {
      quotas.accounts().giveBack(next);
      // What others had may be long past: the next one is to be judged by what they have.
      quotas.changed(name);
      return quotas.deny(Payer.USER, Cost.CONNECTIONS, Quotas.RETRY_MILLIS);
    }
    leaveUser();
    user = next;
    if (next != null) {
      next.addRooms(rooms);
      changed(next);
    }
    return null;
  }

  /** Other nodes are told of connections and what they do, never of requests. */
  private void changed(@Nullable Account account) {
    if (account != null && entered) {
      quotas.changed(account.key());
    }
  }

  private void leaveUser() {
    Account former = user;
    user = null;
    if (former != null) {
      former.addRooms(-rooms);
      if (entered) {
        former.leave(this);
      }
      changed(former);
      quotas.accounts().giveBack(former);
    }
  }

  /** It is the bill of this session now, which is closed should it turn out to be one too many. */
  void opened(Session opened) {
    boolean late;
    synchronized (this) {
      session = opened;
      late = surplus;
    }
    if (late) {
      close(opened);
    }
  }

  /** It was counted, and others had more than could be known. From any thread. */
  void tooMany() {
    Session known;
    synchronized (this) {
      surplus = true;
      known = session;
    }
    if (known != null) {
      close(known);
    }
  }

  private void close(Session known) {
    known
        .lane()
        .execute(
            () -> {
              if (!known.closed()) {
                close(known, quotas.deny(Payer.USER, Cost.CONNECTIONS, Quotas.RETRY_MILLIS));
              }
            });
  }

  /** Closes a session that its user may not have. */
  static void close(Session session, Denial denial) {
    session.close(CloseCode.TOO_MANY_CONNECTIONS, denial.text(), denial.afterMillis());
  }

  /** Takes it from every allowance. Answers whose has not enough. */
  public @Nullable Denial pay(Cost cost, int amount) {
    Rate rate = quotas.rate(cost);
    Account theUser = user;
    Account node = quotas.node();
    if (!rate.limited() && theUser == null && address == null && node == null) {
      return null;
    }
    long now = quotas.time().millis();
    long wait = rate.limited() ? own(cost, rate, amount, now) : 0;
    if (wait > 0) {
      return quotas.deny(Payer.SESSION, cost, wait);
    }
    if (theUser != null && (wait = theUser.charge(cost, amount, now)) > 0) {
      return quotas.deny(Payer.USER, cost, wait);
    }
    if (address != null && (wait = address.charge(cost, amount, now)) > 0) {
      return quotas.deny(Payer.ADDRESS, cost, wait);
    }
    if (node != null && (wait = node.charge(cost, amount, now)) > 0) {
      return quotas.deny(Payer.NODE, cost, wait);
    }
    return null;
  }

  private long own(Cost cost, Rate rate, int amount, long now) {
    long state =
        switch (cost) {
          case BYTES -> bytes;
          case JOINS -> joins;
          default -> commands;
        };
    long next = rate.take(state, now, amount);
    if (next == Rate.EMPTY) {
      return rate.waitMillis(state, now, amount);
    }
    switch (cost) {
      case BYTES -> bytes = next;
      case JOINS -> joins = next;
      default -> commands = next;
    }
    return 0;
  }

  /** Takes one error from the session's allowance, when it is its own fault. */
  boolean mayErr(ErrorCode code) {
    if (!ownFault(code)) {
      return true;
    }
    long next = quotas.errors().take(errors, quotas.time().millis(), 1);
    if (next == Rate.EMPTY) {
      return false;
    }
    errors = next;
    return true;
  }

  private static boolean ownFault(ErrorCode code) {
    return switch (code) {
      case RATE_LIMITED -> true;
      // Leaving quickly is no fault, however long the broker takes.
      case CANCELLED -> false;
      default -> !code.temporary();
    };
  }

  /** Counts a room that the session is about to be put into, if it may be. */
  boolean reserveRoom() {
    Account theUser = user;
    Account node = quotas.node();
    if (theUser != null && !theUser.enterRoom()) {
      changed(theUser);
      return deniedRoom(Payer.USER);
    }
    if (address != null && !address.enterRoom()) {
      leave(theUser);
      return deniedRoom(Payer.ADDRESS);
    }
    if (node != null && !node.enterRoom()) {
      leave(theUser);
      leave(address);
      return deniedRoom(Payer.NODE);
    }
    reserved = true;
    rooms++;
    return true;
  }

  private boolean deniedRoom(Payer payer) {
    quotas.denials().count(payer, Cost.ROOMS);
    return false;
  }

  private static void leave(@Nullable Account account) {
    if (account != null) {
      account.addRooms(-1);
    }
  }

  /** What was reserved is not needed, unless the session has been put into the room. */
  void settleRoom() {
    if (reserved) {
      reserved = false;
      leftRoom();
    }
  }

  /** The session is in one room more. */
  void inRoom() {
    reserved = false;
    changed(user);
  }

  /** The session is in one room less. */
  void leftRoom() {
    rooms--;
    leave(user);
    leave(address);
    leave(quotas.node());
    changed(user);
  }

  /**
   * Who sends, as rooms with a rate tell senders apart: the user, or else the connection; or the
   * address where there is neither.
   */
  String sender(String name, String from) {
    if (!name.isEmpty()) {
      return "user " + name;
    }
    if (!from.isEmpty()) {
      return "address " + from;
    }
    if (sender.isEmpty()) {
      sender = "connection " + quotas.number();
    }
    return sender;
  }

  /** Counts for nothing from now on. A second call is without effect. */
  public void end() {
    if (ended) {
      return;
    }
    leaveUser();
    ended = true;
    Account node = quotas.node();
    if (entered) {
      entered = false;
      if (address != null) {
        address.leave(this);
      }
      if (node != null) {
        node.leave(this);
      }
    }
    if (address != null) {
      quotas.addresses().giveBack(address);
    }
  }
}
