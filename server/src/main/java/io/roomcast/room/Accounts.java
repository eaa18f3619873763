package io.roomcast.room;

import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of one kind, by name. One that nobody holds is kept until its rates have recovered,
 * and of those at most {@value #MOST_IDLE}: the one idle for longest is forgotten first. Each call
 * looks at two of them, so nothing is ever swept as a whole. Thread-safe.
 */
final class Accounts {
  static final int MOST_IDLE = 65_536;

  private final ConcurrentHashMap<String, Account> all = new ConcurrentHashMap<>();
  private final Queue<Account> idle = new ConcurrentLinkedQueue<>();
  private final AtomicInteger idleCount = new AtomicInteger();
  private final Tariff tariff;
  private final Time time;

  Accounts(Tariff tariff, Time time) {
    this.tariff = tariff;
    this.time = time;
  }

  Tariff tariff() {
    return tariff;
  }

  int count() {
    return all.size();
  }

  Iterable<String> keys() {
    return all.keySet();
  }

  @Nullable Account find(String key) {
    return all.get(key);
  }

  /** Holds an account; to be given back. */
  Account take(String key) {
    tidy();
    return all.compute(
        key,
        (name, there) -> {
          Account account = there == null ? new Account(name, tariff) : there;
          account.holders++;
          return account;
        });
  }

  void giveBack(Account account) {
    all.compute(account.key(), (key, there) -> given(account));
    tidy();
  }

  private @Nullable Account given(Account account) {
    account.holders--;
    if (account.holders == 0 && !account.idle) {
      if (account.blank(time.millis())) {
        return null;
      }
      account.idle = true;
      idle.add(account);
      idleCount.incrementAndGet();
    }
    return account;
  }

  private void tidy() {
    for (int i = 0; i < 2; i++) {
      Account oldest = idle.poll();
      if (oldest == null) {
        return;
      }
      all.compute(oldest.key(), (key, there) -> look(oldest));
    }
  }

  private @Nullable Account look(Account oldest) {
    boolean held = oldest.holders > 0;
    boolean over = !held && (idleCount.get() > MOST_IDLE || oldest.blank(time.millis()));
    if (held || over) {
      oldest.idle = false;
      idleCount.decrementAndGet();
      return held ? oldest : null;
    }
    idle.add(oldest);
    return oldest;
  }
}
