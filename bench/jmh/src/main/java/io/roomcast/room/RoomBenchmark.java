package io.roomcast.room;

import io.roomcast.memory.MemoryBroker;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The core alone: from the broker to 1,000 transports that do nothing, and joins and leaves. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoomBenchmark {
  private static final int MEMBERS = 1000;

  private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
  private final MemoryBroker broker = new MemoryBroker(Rulebook.EMPTY, Time.SYSTEM);
  private final Node node =
      new Node(
          "bench",
          broker,
          Authenticator.OPEN,
          Limits.DEFAULT,
          Rulebook.EMPTY,
          Telemetry.NONE,
          Time.SYSTEM);
  private Lane lane;
  private Session joining;
  private Publication publication;

  private static final class Nowhere implements Transport, Encoding, Encoding.Frame {
    long writes;

    @Override
    public Encoding encoding() {
      return this;
    }

    @Override
    public int slot() {
      return 0;
    }

    @Override
    public Frame encode(List<Publication> publications) {
      return this;
    }

    @Override
    public void release() {}

    @Override
    public boolean write(Outgoing outgoing) {
      outgoing.frame(this);
      writes++;
      return true;
    }

    @Override
    public void write(byte[] json) {
      writes++;
    }

    @Override
    public void flush() {}

    @Override
    public void close(CloseCode code, String text, long reconnectAfterMillis) {}
  }

  @Setup
  public void fill() {
    node.start();
    lane = node.addLane(loop::add, () -> true);
    for (int i = 0; i < MEMBERS; i++) {
      node.join(node.open(lane, new Nowhere()), "room1", JoinFrom.NOW, (outcome, start) -> {});
    }
    joining = node.open(lane, new Nowhere());
    byte[] message = ("\"" + "x".repeat(126) + "\"").getBytes(StandardCharsets.UTF_8);
    publication = new Publication("room1", Event.message("room1", message, ""), "");
    turn();
  }

  private void turn() {
    for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
      task.run();
    }
  }

  /** One delivery of a publication that goes out alone. */
  @Benchmark
  @OperationsPerInvocation(MEMBERS)
  public void deliver() {
    broker.publish(publication, "", (outcome, position) -> {});
    turn();
  }

  /** A join and a leave of a room that others are in. */
  @Benchmark
  public void joinAndLeave() {
    node.join(joining, "room1", JoinFrom.NOW, (outcome, start) -> {});
    lane.find("room1").leave(joining);
    lane.flush();
  }

  /** A join and a leave of a room that nobody else is in. */
  @Benchmark
  public void fillAndEmpty() {
    node.join(joining, "room2", JoinFrom.NOW, (outcome, start) -> {});
    Room room = lane.find("room2");
    if (room != null) {
      room.leave(joining);
    }
    lane.flush();
    turn();
  }
}
