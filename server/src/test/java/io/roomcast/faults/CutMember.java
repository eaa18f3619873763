package io.roomcast.faults;

import io.roomcast.load.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One member of a room with a log that is cut off at random, misses a number of messages that is
 * known, and comes back at another node while publishing goes on. All that is published to the room
 * is published here, and each message's content is its offset. For one thread.
 */
final class CutMember implements AutoCloseable {
  /** Messages that are published around a join, at most. */
  private static final int MEANWHILE = 20;

  private static final int EXAMPLES = 4;

  private final List<ServerNode> nodes;
  private final String room;
  private final int kept;
  private final Random random;
  private final int[] missed;
  private final Caller publisher;
  private final List<String> examples = new ArrayList<>();

  /** Offset of the newest message that was sent, and of the newest that was answered. */
  private long top;

  private long answered;
  private String epoch = "";
  private long seen;
  private long delivered;
  private long holes;
  private long duplicates;
  private int recovered;
  private int refused;

  /**
   * Connects to publish.
   *
   * @param kept messages that the room's log keeps
   */
  CutMember(List<ServerNode> nodes, String room, int kept, Random random) throws IOException {
    this.nodes = nodes;
    this.room = room;
    this.kept = kept;
    this.random = random;
    this.missed = new int[] {0, 1, kept - 1, kept, kept + 1, 10 * kept};
    this.publisher = Caller.at(nodes.get(random.nextInt(nodes.size())));
  }

  int recovered() {
    return recovered;
  }

  int refused() {
    return refused;
  }

  private void publish(long number) throws IOException {
    for (long i = 0; i < number; i++) {
      top++;
      publisher.publish(room, top, top, "");
    }
    publisher.flush();
  }

  private void awaitSent() throws IOException {
    while (answered < top) {
      answered++;
      String text = publisher.hear();
      long at = Caller.number(text, "offset");
      if (at < 0 || at != Caller.number(text, "id")) {
        throw new IOException("a publish did not go where it should: " + text);
      }
    }
  }

  /** Is cut off so often. */
  void run(int cuts) throws IOException {
    for (int i = 0; i < cuts; i++) {
      publish(missed[random.nextInt(missed.length)] - (top - seen));
      awaitSent();
      try (Caller member = Caller.at(nodes.get(random.nextInt(nodes.size())))) {
        stay(member);
      }
    }
  }

  private void stay(Caller member) throws IOException {
    long least = top;
    int meanwhile = Math.max(0, random.nextInt(-MEANWHILE / 4, MEANWHILE));
    int before = random.nextInt(meanwhile + 1);
    publish(before);
    boolean first = epoch.isEmpty();
    member.join(
        room, first ? "" : ",\"since\":{\"epoch\":\"" + epoch + "\",\"offset\":" + seen + "}");
    publish(meanwhile - before);
    String reply = member.hear();
    awaitSent();
    if (first) {
      epoch = Caller.epoch(reply);
      seen = Caller.number(reply, "offset");
    } else {
      judge(reply, least);
    }
    boolean all = random.nextBoolean();
    read(member, all ? top : seen + random.nextLong(top - seen + 1));
    if (all && !member.isQuiet()) {
      wrong("more came after the newest, " + top);
      duplicates++;
    }
  }

  /** The log may have grown from {@code least} to {@code top} by the time of the join. */
  private void judge(String reply, long least) {
    long at = Caller.number(reply, "offset");
    boolean right =
        reply.startsWith("{\"type\":\"subscribed\"") && Caller.epoch(reply).equals(epoch);
    if (reply.contains("\"recovered\":true")) {
      recovered++;
      right &= least - seen <= kept && at == seen;
    } else {
      refused++;
      right &= top - seen > kept && at >= least && at <= top;
    }
    if (!right) {
      holes++;
      wrong("shown %d, log from %d to %d: %s".formatted(seen, least, top, reply));
    }
    seen = at;
  }

  private void read(Caller member, long until) throws IOException {
    while (seen < until) {
      String text = member.hear();
      long at = Caller.number(text, "offset");
      delivered++;
      if (at != seen + 1 || Caller.number(text, "message") != at) {
        duplicates += at <= seen ? 1 : 0;
        holes += at > seen + 1 || at < 0 ? 1 : 0;
        wrong("after " + seen + " came " + text);
      }
      seen = Math.max(seen, at);
    }
  }

  private void wrong(String what) {
    if (examples.size() < EXAMPLES) {
      examples.add(room + ": " + what);
    }
  }

  /** What was found so far; a wrong flag counts as a hole in silence. */
  Verdict verdict() {
    return new Verdict(top, delivered, 0, 0, 0, holes, duplicates, 0, 0, examples);
  }

  @Override
  public void close() throws IOException {
    publisher.close();
  }
}
