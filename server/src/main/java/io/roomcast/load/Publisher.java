package io.roomcast.load;

import io.netty.buffer.ByteBuf;
import io.roomcast.load.Tally.Fault;
import java.util.ArrayList;
import java.util.List;

/** Sends to its rooms in turn, on a member's connection or on one of its own. */
final class Publisher implements Link.Owner {
  private final Link link;
  private final Tally tally;
  private final Runnable opened;
  private final List<Flow> flows = new ArrayList<>();
  private int turn;
  private boolean stopped;

  /** A member that publishes. */
  Publisher(Member member, Tally tally) {
    this.link = member.link();
    this.tally = tally;
    this.opened = () -> {};
  }

  /**
   * A connection that only publishes.
   *
   * @param opened called once, when it may be used
   */
  Publisher(Crowd crowd, Runnable opened) {
    this.link = new Link(crowd.loop, crowd.wire, this);
    this.tally = crowd.tally;
    this.opened = opened;
  }

  Link link() {
    return link;
  }

  /**
   * Takes a room on.
   *
   * @param member whether the connection is a member's
   */
  void publishTo(Room room, Wire wire, LoadOptions.Shape shape, boolean member) {
    byte[] payload = Payload.blank(shape.payloadBytes(), room.publishers.size(), room.number);
    Flow flow = new Flow(room, wire.publish(room.name, payload, member), shape.inflight());
    flows.add(flow);
    room.publishers.add(this);
    room.flows.add(flow);
  }

  /** Sends one message to the next room, unless stopped. */
  void publish(long nanos) {
    if (stopped) {
      return;
    }
    flows.get(turn).publish(link, nanos);
    turn = turn + 1 == flows.size() ? 0 : turn + 1;
    tally.publishes++;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void ready() {
    opened.run();
  }

  @Override
  public void reply() {}

  @Override
  public void message(ByteBuf in, int at, long now) {
    tally.fault(Fault.STRAYED, 1, "a publisher that joined no room got a message");
  }

  @Override
  public void refused(String text) {
    tally.fault(Fault.REFUSED, 1, "a publisher: " + text);
  }

  @Override
  public void broken(String why) {
    tally.fault(Fault.BROKEN, 1, "a publisher: " + why);
  }
}
