package io.roomcast.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Whether there is one order that all logs keep: merges them all, taking a message when it stands
 * at the head of every log that has it and is not merged. Where no head is such a message, the logs
 * contradict each other. Time and memory grow with the entries alone.
 */
final class Order {
  private static final int NONE = -1;

  private final List<int[]> logs = new ArrayList<>();
  private final int messages;

  /** In how many logs a message is, and at the head of how many it stands. */
  private final int[] holders;

  private final int[] heads;

  /** The logs whose head a message is, as a chain. */
  private final int[] firstWaiting;

  private int[] nextWaiting = {};
  private int[] at = {};
  private final BitSet merged = new BitSet();
  private final ArrayDeque<Integer> ready = new ArrayDeque<>();

  /**
   * Has no logs yet.
   *
   * @param messages are numbered from 0 to below this
   */
  Order(int messages) {
    this.messages = messages;
    holders = new int[messages];
    heads = new int[messages];
    firstWaiting = new int[messages];
    Arrays.fill(firstWaiting, NONE);
  }

  /** Adds a log. What is in it twice counts where it is first. */
  void add(int[] log) {
    logs.add(log);
    BitSet here = new BitSet(messages);
    for (int id : log) {
      if (!here.get(id)) {
        here.set(id);
        holders[id]++;
      }
    }
  }

  /** How many messages have to be set aside for the rest to agree; 0 exactly when all agree. */
  long conflicts() {
    at = new int[logs.size()];
    nextWaiting = new int[logs.size()];
    for (int log = 0; log < logs.size(); log++) {
      stand(log);
    }
    long conflicts = 0;
    merge();
    for (int log = 0; log < logs.size(); log++) {
      while (at[log] < logs.get(log).length) {
        conflicts++;
        take(logs.get(log)[at[log]]);
        merge();
      }
    }
    return conflicts;
  }

  private void merge() {
    Integer next;
    while ((next = ready.poll()) != null) {
      take(next);
    }
  }

  private void take(int message) {
    merged.set(message);
    int log = firstWaiting[message];
    firstWaiting[message] = NONE;
    while (log != NONE) {
      int next = nextWaiting[log];
      stand(log);
      log = next;
    }
  }

  /** Goes on to the next message that is not merged, and waits there. */
  private void stand(int log) {
    int[] ids = logs.get(log);
    while (at[log] < ids.length && merged.get(ids[at[log]])) {
      at[log]++;
    }
    if (at[log] == ids.length) {
      return;
    }
    int message = ids[at[log]];
    nextWaiting[log] = firstWaiting[message];
    firstWaiting[message] = log;
    if (++heads[message] == holders[message]) {
      ready.add(message);
    }
  }
}
