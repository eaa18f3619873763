package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.config.RuleText;
import io.roomcast.protocol.Command;
import io.roomcast.protocol.CommandReader;
import io.roomcast.room.Allowances;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Bill;
import io.roomcast.room.Census;
import io.roomcast.room.Gate;
import io.roomcast.room.Lane;
import io.roomcast.room.Limits;
import io.roomcast.room.Node;
import io.roomcast.room.Quotas;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Ruling;
import io.roomcast.room.Session;
import io.roomcast.room.Visits;
import java.util.List;

/** A whole core with one lane, run by the test's own thread, with a broker that obeys the test. */
public final class FakeNode {
  private final ManualTime time = new ManualTime();
  private final FakeLoop loop = new FakeLoop();
  private final FakeBroker broker = new FakeBroker();
  private final FakePresence presence = new FakePresence(broker);
  private final CountingTelemetry telemetry = new CountingTelemetry();
  private final Node node;
  private final Ruling ruling;
  private final Lane lane;

  public FakeNode() {
    this(Authenticator.OPEN, Limits.DEFAULT.withCommandsPerSecond(0));
  }

  public FakeNode(Authenticator authenticator, Limits limits) {
    this(authenticator, limits, new Rulebook(List.of()));
  }

  public FakeNode(Authenticator authenticator, Limits limits, Rulebook rulebook) {
    this(authenticator, limits, rulebook, Gate.NONE, Visits.NONE);
  }

  public FakeNode(
      Authenticator authenticator, Limits limits, Rulebook rulebook, Gate gate, Visits visits) {
    this(authenticator, limits, Allowances.NONE, Census.NONE, rulebook, gate, visits);
  }

  /** One that counts users, addresses and the node too. */
  public FakeNode(
      Authenticator authenticator, Allowances allowances, Census census, Rulebook rulebook) {
    this(
        authenticator,
        Limits.DEFAULT.withCommandsPerSecond(0),
        allowances,
        census,
        rulebook,
        Gate.NONE,
        Visits.NONE);
  }

  private FakeNode(
      Authenticator authenticator,
      Limits limits,
      Allowances allowances,
      Census census,
      Rulebook rulebook,
      Gate gate,
      Visits visits) {
    node =
        new Node(
            "fake",
            broker,
            presence,
            authenticator,
            new Quotas(limits, allowances, time, census),
            rulebook,
            telemetry,
            time,
            gate,
            visits);
    ruling = new Ruling(node, rulebook, new RuleText(Roomcast.builder().config()));
    lane = node.addLane(loop, loop::inLoop);
    node.start();
  }

  public ManualTime time() {
    return time;
  }

  public FakeLoop loop() {
    return loop;
  }

  public FakeBroker broker() {
    return broker;
  }

  public FakePresence presence() {
    return presence;
  }

  public CountingTelemetry telemetry() {
    return telemetry;
  }

  public Node node() {
    return node;
  }

  /** Which rules hold on it. */
  public Ruling ruling() {
    return ruling;
  }

  public Lane lane() {
    return lane;
  }

  /** A new client. */
  public Client client() {
    RecordingTransport transport = new RecordingTransport();
    return new Client(this, node.open(lane, transport), transport);
  }

  /** A new client from an address. */
  public Client client(String address) {
    RecordingTransport transport = new RecordingTransport();
    Bill bill = node.quotas().bill(address);
    assertThat(bill.enter()).isNull();
    return new Client(this, node.open(lane, transport, bill), transport);
  }

  /** Publishes a payload as an API caller does, and leaves it in the lane's queue. */
  public void publish(String room, String json) {
    node.publish(room, json.getBytes(UTF_8), "", "", "", (outcome, position) -> {});
  }

  /** One client's end of the wire. */
  public record Client(FakeNode fake, Session session, RecordingTransport transport) {

    /** Says a frame; the loop runs until it rests. Answers what came back by then. */
    public List<String> say(String frame) {
      tell(frame);
      return hear();
    }

    /** Says a frame, and lets the loop wait. */
    public void tell(String frame) {
      byte[] bytes = frame.getBytes(UTF_8);
      for (Command command : CommandReader.read(bytes, 0, bytes.length)) {
        fake.node.handle(session, command);
      }
      fake.lane.flush();
    }

    /** Runs the loop until it rests. Answers what has come since the last time. */
    public List<String> hear() {
      fake.loop.runAll();
      return transport.take();
    }

    public void subscribe(String room) {
      tell("{\"type\":\"SUBSCRIBE\",\"room\":\"" + room + "\"}");
    }

    public void unsubscribe(String room) {
      tell("{\"type\":\"UNSUBSCRIBE\",\"room\":\"" + room + "\"}");
    }

    /** Its wire has gone. */
    public void end() {
      fake.node.ended(session, 1006);
    }
  }
}
