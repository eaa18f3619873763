package io.roomcast.load;

import io.netty.buffer.ByteBuf;
import io.roomcast.load.Tally.Fault;

/** A connection that has joined one room, and checks what it gets there. */
final class Member implements Link.Owner {
  final int number;
  final Room room;

  private final Wire wire;
  private final Tally tally;
  private final boolean closedLoop;
  private final Link link;
  private final Runnable joined;

  /** The sequence to come next, by publisher of the room. */
  private int[] next = {};

  /**
   * Prepares a member.
   *
   * @param closedLoop whether the last receipt of a message lets its publisher send the next one
   * @param joined called once, when the server has confirmed the join
   */
  Member(int number, Room room, Crowd crowd, boolean closedLoop, Runnable joined) {
    this.number = number;
    this.room = room;
    this.wire = crowd.wire;
    this.tally = crowd.tally;
    this.closedLoop = closedLoop;
    this.joined = joined;
    this.link = new Link(crowd.loop, crowd.wire, this);
  }

  Link link() {
    return link;
  }

  @Override
  public void ready() {
    link.ask(wire.join(room.name));
  }

  @Override
  public void reply() {
    next = new int[room.flows.size()];
    joined.run();
  }

  @Override
  public void message(ByteBuf in, int at, long now) {
    int publisher = Payload.publisher(in, at);
    if (Payload.room(in, at) != room.number || publisher < 0 || publisher >= next.length) {
      tally.fault(Fault.STRAYED, 1, this + ": a message for another room");
      return;
    }
    int sequence = Payload.sequence(in, at);
    int awaited = next[publisher];
    if (sequence < awaited) {
      tally.old(this, publisher, sequence);
      return;
    }
    tally.deliveries++;
    tally.latency.add(now - Payload.nanos(in, at));
    next[publisher] = sequence + 1;
    if (sequence > awaited) {
      tally.gap(this, publisher, awaited, sequence);
    }
    if (closedLoop) {
      for (int i = awaited; i <= sequence; i++) {
        received(publisher, i, now);
      }
    }
  }

  private void received(int publisher, int sequence, long now) {
    if (room.flows.get(publisher).received(sequence)) {
      room.publishers.get(publisher).publish(now);
    }
  }

  /** How many of the messages sent to the room have not come. */
  long missing() {
    long out = 0;
    for (int i = 0; i < next.length; i++) {
      out += room.flows.get(i).sent() - next[i];
    }
    return out;
  }

  @Override
  public void refused(String text) {
    tally.fault(Fault.REFUSED, 1, this + ": " + text);
  }

  @Override
  public void broken(String why) {
    tally.fault(Fault.BROKEN, 1, this + ": " + why);
  }

  @Override
  public String toString() {
    return "member " + number + " of " + room.name;
  }
}
