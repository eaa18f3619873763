package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients come and go by the thousand, in every manner, and leave nothing behind. */
final class ChurnIT {
  private static final int ROUND = 700;

  @ParameterizedTest
  @MethodSource("io.roomcast.testing.TestServer#transports")
  void leavesNothingBehind(NativeTransport transport) throws IOException {
    Random random = new Random(5);
    try (TestServer server = TestServer.start(transport, Limits.DEFAULT);
        RawWebSocket witness = server.client()) {
      witness.join("kept");
      round(server, random);
      awaitRest(server);
      long before = used();
      round(server, random);
      awaitRest(server);
      assertThat(used() - before).isLessThan(1024 * 1024);
      assertThat(witness.ask("{\"type\":\"ping\"}")).contains("pong");
    }
  }

  private static long used() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  /** Only the witness is left. */
  private static void awaitRest(TestServer server) {
    server.awaitSize(1, 1, 1);
    await()
        .until(() -> server.telemetry().count("opened") - server.telemetry().count("closed") == 1);
  }

  private static void round(TestServer server, Random random) throws IOException {
    byte[] half = Arrays.copyOf(Frames.text("x".repeat(5000)), 3000);
    for (int i = 0; i < ROUND; i++) {
      RawWebSocket client = RawWebSocket.connect(server.port());
      if (random.nextInt(8) == 0) {
        client.send(Arrays.copyOf(RawWebSocket.request(), random.nextInt(100)));
        leave(client, random);
        continue;
      }
      client.upgrade();
      for (int rooms = random.nextInt(5); rooms > 0; rooms--) {
        client.say("{\"type\":\"SUBSCRIBE\",\"room\":\"r" + random.nextInt(20) + "\"}");
      }
      client.say("{\"type\":\"sendMessage\",\"room\":\"r1\",\"message\":" + i + "}");
      switch (random.nextInt(5)) {
        case 0 -> client.send(half);
        case 1 -> client.send(Frames.frame(Frames.TEXT, new byte[100]));
        case 2 -> client.send(Frames.close(1000));
        case 3 -> client.send(Frames.unmasked(Frames.FIN | Frames.TEXT));
        default -> client.say("{\"type\":\"UNSUBSCRIBE\",\"room\":\"r1\"}");
      }
      leave(client, random);
    }
  }

  private static void leave(RawWebSocket client, Random random) throws IOException {
    if (random.nextBoolean()) {
      client.reset();
    } else {
      client.close();
    }
  }
}
