package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.net.NativeTransport;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that stop reading, in rooms that do not wait for them, on each transport. */
@ParameterizedClass
@MethodSource("io.roomcast.testing.TestServer#transports")
final class SlowModeIT {
  @Parameter private NativeTransport transport = NativeTransport.NIO;

  @SuppressWarnings("NullAway.Init")
  private SlowRooms rooms;

  @BeforeEach
  void start() throws IOException {
    rooms = new SlowRooms(transport);
  }

  @AfterEach
  void stop() {
    rooms.close();
  }

  @Test
  void theNewestWaitsForOneThatDoesNotRead() throws IOException {
    RawWebSocket slow = rooms.slow("live");
    SlowRooms.join(rooms.member(), "live");
    int sent = 0;
    while (rooms.count("dropped SLOW_LATEST") < 20 && sent < 1000) {
      rooms.exchange("live", sent++, SlowRooms.BODY);
    }
    SlowRooms.Heard heard = new SlowRooms.Heard();
    while (heard.last() < sent - 1) {
      heard.hear(slow);
    }
    assertThat(heard.numbers).isSorted().doesNotHaveDuplicates();
    assertThat(heard.skipped).isGreaterThanOrEqualTo(20);
    assertThat(heard.numbers.size() + heard.skipped).isEqualTo(sent);
    rooms.exchange("live", sent, SlowRooms.BODY);
    heard.hear(slow);
    assertThat(heard.last()).isEqualTo(sent);
    assertThat(rooms.count("closed 4002")).isZero();
  }

  @Test
  void oneThatReadsAgainIsGivenAllThatItMissed() throws IOException {
    RawWebSocket slow = rooms.slow("kept");
    SlowRooms.join(rooms.member(), "kept");
    int sent = 0;
    while (rooms.count("dropped SLOW_RESYNC") < 40 && sent < 1000) {
      rooms.exchange("kept", sent++, SlowRooms.BODY);
    }
    SlowRooms.Heard heard = new SlowRooms.Heard();
    int most = sent + 40;
    while (heard.last() < most - 1) {
      if (sent < most) {
        rooms.exchange("kept", sent++, SlowRooms.BODY);
      }
      heard.hear(slow);
    }
    assertThat(heard.numbers).isEqualTo(IntStream.range(0, most).boxed().toList());
    assertThat(heard.skipped).isZero();
    assertThat(rooms.count("closed 4002")).isZero();
  }
}
