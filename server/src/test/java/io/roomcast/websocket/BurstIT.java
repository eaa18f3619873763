package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several senders say at once all that the limits allow; a member that reads gets it all. */
final class BurstIT {
  private static final int SENDERS = 10;
  private static final int EACH = Limits.DEFAULT.commandBurst();
  private static final byte[] MESSAGE =
      Frames.text(
          "{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":\"" + "x".repeat(1000) + "\"}");

  @ParameterizedTest
  @MethodSource("io.roomcast.testing.TestServer#transports")
  void reachesAMemberThatReads(NativeTransport transport) throws Exception {
    byte[][] burst = new byte[EACH][];
    Arrays.fill(burst, MESSAGE);
    byte[] all = Frames.join(burst);
    try (TestServer server = TestServer.start(transport, Limits.DEFAULT);
        ExecutorService threads = Executors.newFixedThreadPool(SENDERS + 1);
        RawWebSocket member = server.client()) {
      member.join("room1");
      Future<Integer> heard = threads.submit(() -> hear(member));
      RawWebSocket[] senders = new RawWebSocket[SENDERS];
      for (int i = 0; i < SENDERS; i++) {
        senders[i] = server.client();
      }
      for (RawWebSocket sender : senders) {
        Callable<Integer> sending =
            () -> {
              sender.send(all);
              return all.length;
            };
        assertThat(threads.submit(sending)).isNotNull();
      }
      assertThat(heard.get()).isEqualTo(SENDERS * EACH);
      assertThat(server.telemetry().count("dropped SLOW_READER")).isZero();
      for (RawWebSocket sender : senders) {
        sender.close();
      }
    }
  }

  private static int hear(RawWebSocket member) throws IOException {
    int heard = 0;
    while (heard < SENDERS * EACH && member.frame().opcode() == Frames.TEXT) {
      heard++;
    }
    return heard;
  }
}
