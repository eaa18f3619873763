package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.net.NativeTransport;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A hundred members of a thousand stop reading. */
final class SlowCrowdIT {
  private static final int MEMBERS = 1_000;
  private static final int ROUNDS = 100;

  private final List<RawWebSocket> quick = new ArrayList<>();
  private final List<RawWebSocket> slow = new ArrayList<>();

  @Test
  void thoseThatReadAreNotDelayedAndTheOthersGetTheNewest() throws IOException {
    try (SlowRooms rooms = new SlowRooms(NativeTransport.NIO)) {
      for (int i = 0; i < MEMBERS; i++) {
        if (i % 10 == 0) {
          slow.add(rooms.slow("live"));
          SlowRooms.join(slow.getLast(), "fill");
        } else {
          quick.add(rooms.quick());
          SlowRooms.join(quick.getLast(), "live");
        }
      }
      SlowRooms.join(rooms.member(), "live");
      long before = rounds(rooms, 0);
      fill(rooms);
      long meanwhile = rounds(rooms, ROUNDS);
      assertThat(meanwhile).as("before: " + before).isLessThan(5 * before + 5_000_000_000L);
      assertThat(rooms.count("closed")).isZero();
      for (RawWebSocket client : slow) {
        check(client);
      }
    }
  }

  /** The room goes on, and those who read hear all of it; gives the nanoseconds. */
  private long rounds(SlowRooms rooms, int from) throws IOException {
    long began = System.nanoTime();
    for (int i = from; i < from + ROUNDS; i++) {
      rooms.exchange("live", i, "0");
      if (i % 20 == 19) {
        hear(i - 19, i);
      }
    }
    return System.nanoTime() - began;
  }

  private void hear(int from, int to) throws IOException {
    for (RawWebSocket client : quick) {
      for (int n = from; n <= to; n++) {
        assertThat(client.hear()).contains("\"message\":[" + n + ",");
      }
    }
  }

  /** Says to those who do not read more than their kernels keep. */
  private void fill(SlowRooms rooms) throws IOException {
    SlowRooms.join(rooms.member(), "fill");
    long enough = 10L * slow.size();
    for (int i = 0; rooms.count("dropped SLOW_LATEST") < enough && i < 1000; i++) {
      rooms.exchange("fill", i, SlowRooms.BODY);
    }
    assertThat(rooms.count("dropped SLOW_LATEST")).isGreaterThanOrEqualTo(enough);
  }

  /** One that did not read reads now, up to the room's last. */
  private static void check(RawWebSocket client) throws IOException {
    SlowRooms.Heard heard = new SlowRooms.Heard();
    while (heard.last() < 2 * ROUNDS - 1) {
      String json = client.hear();
      if (json.contains("\"room\":\"live\"")) {
        heard.take(json);
      }
    }
    assertThat(heard.numbers).isSorted().doesNotHaveDuplicates();
    assertThat(heard.numbers.size() + heard.skipped).isEqualTo(2 * ROUNDS);
    assertThat(heard.skipped).isPositive();
  }
}
