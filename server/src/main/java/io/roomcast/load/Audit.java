package io.roomcast.load;

import io.roomcast.load.Journal.Gap;
import io.roomcast.load.Journal.Stay;
import io.roomcast.load.Ledger.Account;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Judges one room.
 *
 * <p>A message is owed to a member that had joined before it was sent, when the server said that it
 * has the message. A member that does not see it has a hole. The hole is signalled when a gap tells
 * of the time in which the message was on its way to the server, or when the member's connection
 * ended without recovery and nothing that was sent later had come before that: an end says that the
 * rest is missing, not that there are holes in what was read.
 */
final class Audit {
  /** For clocks read at different moments of one machine, and written in milliseconds. */
  private static final long SLACK = 5_000;

  private final Account account;
  private final Verdict.Sum sum;

  /** The number of each flow's first message, and of all messages at the end. */
  private final int[] base;

  Audit(Account account, Verdict.Sum sum) {
    this.account = account;
    this.sum = sum;
    List<Issued> flows = account.flows();
    base = new int[flows.size() + 1];
    for (int i = 0; i < flows.size(); i++) {
      base[i + 1] = base[i] + flows.get(i).count();
    }
  }

  void run() {
    for (Issued issued : account.flows()) {
      for (int i = 0; i < issued.count(); i++) {
        sum.published += issued.heldAt(i) == Issued.NEVER ? 0 : 1;
      }
    }
    for (Journal journal : account.journals()) {
      judge(journal);
    }
    disagreements();
  }

  private void judge(Journal journal) {
    sum.delivered += journal.count();
    sum.gaps += journal.gaps().size();
    count(journal.corruptions() + journal.strayed(), journal, "corrupt or strayed");
    sum.corrupt += journal.corruptions() + journal.strayed();
    count(journal.misplaced(), journal, "with offsets that grow not or differ");
    sum.inversions += journal.misplaced();
    List<Stay> stays = journal.stays();
    BitSet seen = new BitSet(base[base.length - 1]);
    long[] newest = new long[stays.size()];
    for (int i = 0; i < stays.size(); i++) {
      newest[i] = read(journal, stays.get(i), seen);
    }
    holes(journal, stays, newest, seen);
  }

  private void count(long number, Journal journal, String what) {
    if (number > 0) {
      sum.example(journal.name() + ": " + number + " messages " + what);
    }
  }

  /** Goes through a stay's messages; gives when the newest of them was sent. */
  private long read(Journal journal, Stay stay, BitSet seen) {
    BitSet here = new BitSet(base[base.length - 1]);
    int[] last = new int[base.length - 1];
    Arrays.fill(last, -1);
    long newest = Long.MIN_VALUE;
    for (int i = stay.from; i < stay.to; i++) {
      int flow = journal.flow(i);
      int sequence = journal.sequence(i);
      int id = base[flow] + sequence;
      if (here.get(id)) {
        sum.duplicates++;
        sum.example(named(journal, flow, sequence) + " came again");
        continue;
      }
      here.set(id);
      Issued issued = account.flows().get(flow);
      boolean adrift = issued.isAdrift(sequence);
      if (issued.heldAt(sequence) < newest || (!adrift && sequence < last[flow])) {
        sum.inversions++;
        sum.example(named(journal, flow, sequence) + " came after what was sent later");
      }
      if (!adrift) {
        last[flow] = Math.max(last[flow], sequence);
      }
      newest = Math.max(newest, issued.sentAt(sequence));
    }
    seen.or(here);
    return newest;
  }

  private void holes(Journal journal, List<Stay> stays, long[] newest, BitSet seen) {
    for (int flow = 0; flow < base.length - 1; flow++) {
      Issued issued = account.flows().get(flow);
      int missing = seen.nextClearBit(base[flow]);
      while (missing < base[flow + 1]) {
        int sequence = missing - base[flow];
        int stay = stayAt(stays, issued.sentAt(sequence));
        if (issued.heldAt(sequence) != Issued.NEVER && stay >= 0) {
          hole(journal, flow, sequence, stays.get(stay), newest[stay]);
        }
        missing = seen.nextClearBit(missing + 1);
      }
    }
  }

  /** The last stay that began before this time, or -1. */
  private static int stayAt(List<Stay> stays, long time) {
    int at = stays.size() - 1;
    while (at >= 0 && stays.get(at).joined >= time) {
      at--;
    }
    return at;
  }

  private void hole(Journal journal, int flow, int sequence, Stay stay, long newest) {
    Issued issued = account.flows().get(flow);
    boolean ended = stay.ended != Issued.NEVER && issued.heldAt(sequence) >= newest;
    if (ended || told(journal, issued.sentAt(sequence), issued.heldAt(sequence))) {
      sum.signalled++;
      sum.unkept += account.logged() ? 1 : 0;
    } else {
      sum.unsignalled++;
      sum.example(
          "%s is missing; sent at %d, held at %d; joined at %d, ended at %d, gaps %s"
              .formatted(
                  named(journal, flow, sequence),
                  issued.sentAt(sequence),
                  issued.heldAt(sequence),
                  stay.joined,
                  stay.ended == Issued.NEVER ? -1 : stay.ended,
                  journal.gaps().subList(0, Math.min(4, journal.gaps().size()))));
    }
  }

  private static boolean told(Journal journal, long from, long to) {
    for (Gap gap : journal.gaps()) {
      if (gap.since() - SLACK <= to && gap.until() + SLACK >= from) {
        return true;
      }
    }
    return false;
  }

  private static String named(Journal journal, int flow, int sequence) {
    return journal.name() + ": message " + sequence + " of publisher " + flow;
  }

  private void disagreements() {
    Order order = new Order(base[base.length - 1]);
    for (Journal journal : account.journals()) {
      for (Stay stay : journal.stays()) {
        int[] ids = new int[stay.to - stay.from];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = base[journal.flow(stay.from + i)] + journal.sequence(stay.from + i);
        }
        order.add(ids);
      }
    }
    long found = order.conflicts();
    if (found > 0) {
      sum.inversions += found;
      sum.example(account.room() + ": " + found + " messages in another order at other members");
    }
  }
}
