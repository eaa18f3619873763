package io.roomcast.load;

import java.util.ArrayList;
import java.util.List;

/**
 * The books of a run: what was sent to each room and what each member saw. Says afterwards which
 * messages are missing and whether that was told, and what came twice, in another order, or
 * changed. No I/O, no clock: the caller gives times, microseconds since the epoch. Not thread-safe.
 */
final class Ledger {
  /** What was sent to one room, by flow, and who was in it. */
  record Account(String room, boolean logged, List<Issued> flows, List<Journal> journals) {}

  private final List<Account> accounts = new ArrayList<>();

  /**
   * A new room; gives its number, from 0.
   *
   * @param logged whether it is to have a log
   */
  int open(String room, boolean logged) {
    accounts.add(new Account(room, logged, new ArrayList<>(), new ArrayList<>()));
    return accounts.size() - 1;
  }

  /** A publisher of the room; its number there is {@link #flows} before the call. */
  Issued publisher(int room) {
    Issued issued = new Issued();
    accounts.get(room).flows.add(issued);
    return issued;
  }

  /** How many publishers a room has. */
  int flows(int room) {
    return accounts.get(room).flows.size();
  }

  /** A member of the room. */
  Journal member(int room) {
    Account account = accounts.get(room);
    Journal journal = new Journal("member " + account.journals.size() + " of " + account.room);
    account.journals.add(journal);
    return journal;
  }

  /**
   * A message came to a member.
   *
   * @param position in the room's log, -1 where it has none
   */
  void saw(int room, Journal journal, int flow, int sequence, long position) {
    Account account = accounts.get(room);
    if (flow < 0 || flow >= account.flows.size()) {
      journal.stray();
      return;
    }
    Issued issued = account.flows.get(flow);
    if (sequence < 0 || sequence >= issued.count()) {
      journal.stray();
      return;
    }
    journal.saw(flow, sequence);
    if (position >= 0) {
      journal.at(position, issued.placed(sequence, position));
    }
  }

  /** Judges everything. Nothing may be on its way any more. */
  Verdict audit() {
    Verdict.Sum sum = new Verdict.Sum();
    for (Account account : accounts) {
      new Audit(account, sum).run();
    }
    return sum.verdict();
  }
}
