package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Position;
import io.roomcast.testing.CountingTelemetry;
import io.roomcast.testing.FakeLoop;
import io.roomcast.testing.ManualTime;
import io.roomcast.testing.RecordingTransport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A room that is far behind its log. */
final class HealTest {
  private static final int TOP = 20_000;
  private static final byte[] JSON = new byte[200];

  private final FakeLoop loop = new FakeLoop();

  /** Up to where the log has been read, and what each member was written. */
  private long read;

  private long written;

  /** Has a log that stands further than any message that came. */
  private final class Behind implements Broker {
    private long top;

    @Override
    public void start(Events events) {
      to = events;
    }

    private @Nullable Events to;

    @Override
    public void subscribe(String room, long ticket) {
      happens(new RoomEvent.Subscribed(room, ticket));
    }

    void happens(RoomEvent event) {
      Events there = to;
      if (there != null) {
        there.onEvent(event);
      }
    }

    @Override
    public void unsubscribe(String room) {}

    @Override
    public void publish(Publication publication, String key, PublishCallback outcome) {}

    @Override
    public void read(String room, LogQuery query, LogCallback callback) {
      List<Publication> part = new ArrayList<>();
      for (long i = query.after() + 1; i <= top && part.size() < query.limit(); i++) {
        part.add(new Publication(room, JSON, "", new Position("e", i)));
        read = i;
      }
      callback.done(new LogPart(new Position("e", top), 1, part));
    }

    @Override
    public Health health() {
      return new Health("behind", true, "");
    }

    @Override
    public void close() {}
  }

  @Test
  void readsNoFasterThanItIsWritten() {
    Behind broker = new Behind();
    Node node =
        new Node(
            "n",
            broker,
            Authenticator.OPEN,
            Limits.DEFAULT,
            RuleReader.book(List.of("r log=100000/1h")),
            new CountingTelemetry(),
            new ManualTime());
    Lane lane = node.addLane(loop, loop::inLoop);
    node.start();
    for (int i = 0; i < 5 * Lane.SLICE; i++) {
      Session session = node.open(lane, i == 0 ? new Counter() : new Nowhere());
      node.join(session, "r", JoinFrom.NOW, (outcome, start) -> {});
    }
    loop.runAll();
    broker.top = TOP;
    broker.happens(new Publication("r", JSON, "", new Position("e", TOP)));
    long ahead = 0;
    while (loop.runOne()) {
      ahead = Math.max(ahead, read - written);
    }
    assertThat(written).isEqualTo(TOP);
    assertThat(ahead).isLessThan(3_000);
  }

  private static class Nowhere implements Transport {
    @Override
    public Encoding encoding() {
      return new RecordingTransport().encoding();
    }

    @Override
    public void write(byte[] json) {}

    @Override
    public boolean write(Outgoing outgoing) {
      return true;
    }

    @Override
    public void flush() {}

    @Override
    public void close(CloseCode code, String text, long reconnectAfterMillis) {}
  }

  private final class Counter extends Nowhere {
    @Override
    public boolean write(Outgoing outgoing) {
      written += outgoing.publications().size();
      return true;
    }
  }
}
