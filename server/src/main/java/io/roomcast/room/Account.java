package io.roomcast.room;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one user, address, node, or sender in a room has used of its allowance, on this node.
 *
 * <p>Thread-safe: rates take no lock, one compare-and-set for each charge; connections and rooms,
 * which change seldom, take this object's.
 */
final class Account {
  private final String key;
  private final AtomicLong commands = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong joins = new AtomicLong();
  private volatile Tariff tariff;

  /** How many hold it, and whether it stands among the idle; both belong to {@link Accounts}. */
  int holders;

  boolean idle;

  private int connections;
  private int rooms;
  private Census.Elsewhere elsewhere = Census.Elsewhere.NOTHING;

  /** Connections that other nodes have not been told of. */
  private List<Bill> fresh = new ArrayList<>(0);

  Account(String key, Tariff tariff) {
    this.key = key;
    this.tariff = tariff;
  }

  /** The user's name, the address, or what else it is called by. */
  String key() {
    return key;
  }

  Payer payer() {
    return tariff.payer();
  }

  /**
   * Takes from a rate.
   *
   * @return 0 when it was taken, or how many ms until there may be enough
   */
  long charge(Cost cost, long amount, long nowMillis) {
    return charge(bucket(cost), tariff.rate(cost), amount, nowMillis);
  }

  /** The same at a rate that somebody else knows. */
  long charge(Rate rate, long nowMillis) {
    return charge(commands, rate, 1, nowMillis);
  }

  private static long charge(AtomicLong bucket, Rate rate, long amount, long nowMillis) {
    if (!rate.limited()) {
      return 0;
    }
    while (true) {
      long state = bucket.get();
      long next = rate.take(state, nowMillis, amount);
      if (next == Rate.EMPTY) {
        return rate.waitMillis(state, nowMillis, amount);
      }
      if (bucket.compareAndSet(state, next)) {
        return 0;
      }
    }
  }

  private AtomicLong bucket(Cost cost) {
    return switch (cost) {
      case BYTES -> bytes;
      case JOINS -> joins;
      default -> commands;
    };
  }

  /** Whether forgetting it would change nothing, when nobody holds it. */
  boolean blank(long nowMillis) {
    return Rate.full(commands.get(), nowMillis)
        && Rate.full(bytes.get(), nowMillis)
        && Rate.full(joins.get(), nowMillis);
  }

  /**
   * Counts a connection, if it may be there.
   *
   * @return whether it is counted
   */
  synchronized boolean enter(Bill bill) {
    int most = tariff.allowance().connections();
    if (most > 0 && connections + elsewhere.connections() >= most) {
      return false;
    }
    connections++;
    if (payer() == Payer.USER) {
      fresh.add(bill);
    }
    return true;
  }

  synchronized void leave(Bill bill) {
    connections--;
    fresh.remove(bill);
  }

  /** Counts rooms that a session brings or takes with it, whatever the limit. */
  synchronized void addRooms(int number) {
    rooms += number;
  }

  /** Counts one room more, if that may be. */
  synchronized boolean enterRoom() {
    int most = tariff.allowance().rooms();
    if (most > 0 && rooms + elsewhere.rooms() >= most) {
      return false;
    }
    rooms++;
    return true;
  }

  /** How much of it there is at this moment, and the connections that are news. */
  synchronized Stated state() {
    List<Bill> news = fresh;
    fresh = new ArrayList<>(0);
    return new Stated(new Census.Counts(connections, rooms), news);
  }

  /**
   * What has been stated.
   *
   * @param fresh connections that had not been stated before, the newest last
   */
  record Stated(Census.Counts counts, List<Bill> fresh) {}

  /** Others could not be told: what was news still is. */
  synchronized void stale(Stated stated) {
    fresh.addAll(0, stated.fresh());
  }

  /**
   * Others have this much.
   *
   * @return the connections that are too many: of those that were just stated, the newest
   */
  synchronized List<Bill> told(
      Stated stated, Census.Elsewhere others, int messageBytes, Tariff whole) {
    if (others.nodes() != elsewhere.nodes()) {
      tariff = whole.share(others.nodes() + 1, messageBytes);
    }
    elsewhere = others;
    int most = whole.allowance().connections();
    int surplus = most == 0 ? 0 : stated.counts().connections() + others.connections() - most;
    int from = Math.clamp((long) stated.fresh().size() - surplus, 0, stated.fresh().size());
    return stated.fresh().subList(from, stated.fresh().size());
  }
}
