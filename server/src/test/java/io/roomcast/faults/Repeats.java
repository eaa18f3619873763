package io.roomcast.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Publishers that repeat with a key, at other nodes and after a node has died: each message is one,
 * and has one place in the log. For one thread.
 */
final class Repeats implements AutoCloseable {
  private static final int WINDOW = 50;
  private static final String ROOM = FaultRun.KEPT + "keys";

  private final FaultRun run;
  private final List<ServerNode> nodes;
  private final List<Caller> members = new ArrayList<>();
  private final List<Caller> publishers = new ArrayList<>();

  /** The first message of the window that is under way, and where its messages are in the log. */
  private int from;

  private long[] offsets = {};

  /** Joins at every node but the first, and connects to all. */
  Repeats(FaultRun run, List<ServerNode> nodes) throws IOException {
    this.run = run;
    this.nodes = nodes;
    for (ServerNode node : nodes) {
      publishers.add(Caller.at(node));
    }
    for (ServerNode node : nodes.subList(1, nodes.size())) {
      Caller member = Caller.at(node);
      members.add(member);
      member.join(ROOM, "");
      String reply = member.hear();
      run.require(reply.startsWith("{\"type\":\"subscribed\""), "joined: " + reply);
    }
  }

  /** Each message once at each node, in any order. */
  void overNodes(int windows) throws IOException {
    run.fault(windows * WINDOW + " messages, each at every node with the same key");
    for (int i = 0; i < windows; i++) {
      begin();
      for (Caller publisher : publishers) {
        publish(publisher, 0, WINDOW);
      }
      for (Caller publisher : publishers) {
        sent(publisher, WINDOW);
      }
      seen();
    }
    quiet();
  }

  /** The first node dies with half of the answers still to come, and all is sent again. */
  void overADeath(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      begin();
      Caller first = publishers.getFirst();
      publish(first, 0, WINDOW / 2);
      sent(first, WINDOW / 2);
      publish(first, WINDOW / 2, WINDOW);
      run.fault("node 0 kill -9, with publishes under way");
      nodes.getFirst().kill9();
      publish(publishers.get(1), 0, WINDOW);
      sent(publishers.get(1), WINDOW);
      seen();
      nodes.getFirst().restart(this::quiet);
      first.close();
      publishers.set(0, Caller.at(nodes.getFirst()));
      publish(publishers.getFirst(), 0, WINDOW);
      sent(publishers.getFirst(), WINDOW);
      run.event("sent again at another node, and at this one since it is back");
    }
    quiet();
  }

  private void begin() {
    from += offsets.length;
    offsets = new long[WINDOW];
  }

  private void publish(Caller publisher, int begin, int end) throws IOException {
    List<Integer> order = new ArrayList<>();
    for (int i = begin; i < end; i++) {
      order.add(from + i);
    }
    Collections.shuffle(order, run.random);
    order.forEach(i -> publisher.publish(ROOM, i, i, "key-" + i));
    publisher.flush();
  }

  private void sent(Caller publisher, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String reply = publisher.hear();
      int at = (int) Caller.number(reply, "id") - from;
      long offset = Caller.number(reply, "offset");
      boolean ours = at >= 0 && at < WINDOW && offset > 0;
      run.require(
          ours && (offsets[at] == 0 || offsets[at] == offset),
          "a repeat has the place of the first: " + reply);
      if (ours) {
        offsets[at] = offset;
      }
    }
  }

  /** The members get the window, each message once, in the order of the log. */
  private void seen() throws IOException {
    for (Caller member : members) {
      for (int i = 0; i < WINDOW; i++) {
        String text = member.hear();
        long offset = Caller.number(text, "offset");
        int at = (int) Caller.number(text, "message") - from;
        run.require(
            offset == from + i + 1 && at >= 0 && at < WINDOW && offsets[at] == offset,
            "each once, and in the order of the log: " + text);
      }
    }
  }

  /** Nobody hears anything; and everybody answers the pings that came meanwhile. */
  private void quiet() throws IOException {
    for (Caller caller : members) {
      run.require(caller.isQuiet(), "nothing comes again");
    }
    for (Caller caller : publishers.subList(1, publishers.size())) {
      run.require(caller.isQuiet(), "nothing is answered twice");
    }
  }

  @Override
  public void close() throws IOException {
    for (Caller caller : members) {
      caller.close();
    }
    for (Caller caller : publishers) {
      caller.close();
    }
  }
}
