package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes past Netty's way out keeps its order with what does not, and reaches nobody else. */
final class RingSenderIT {
  private static final Limits FAST = Limits.DEFAULT.withCommandsPerSecond(0);
  private static final List<String> ROOMS = List.of("a", "b", "c");
  private static final Pattern MESSAGE = Pattern.compile("\"room\":\"(.)\",\"message\":\\[(\\d+),");
  private static final Pattern PONG = Pattern.compile("\"type\":\"pong\",\"id\":(\\d+)");

  /** So much that sockets take only a part of it at a time. */
  private static final int EACH = 90;

  private static byte[] message(String room, int number, int size) {
    return Frames.text(
        "{\"type\":\"sendMessage\",\"room\":\"%s\",\"message\":[%d,\"%s\"]}"
            .formatted(room, number, "x".repeat(size)));
  }

  @ParameterizedTest
  @MethodSource("io.roomcast.testing.TestServer#transports")
  void keepsTheOrderOfAllThatOneClientIsSent(NativeTransport transport) throws IOException {
    List<byte[]> burst = new ArrayList<>();
    List<byte[]> pings = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      for (String room : ROOMS) {
        burst.add(message(room, i, 3000));
      }
      pings.add(Frames.text("{\"type\":\"ping\",\"id\":" + i + "}"));
    }
    try (TestServer server = TestServer.start(transport, FAST);
        RawWebSocket member = RawWebSocket.connect(server.port(), 8192).upgrade();
        RawWebSocket sender = server.client()) {
      for (String room : ROOMS) {
        member.join(room);
      }
      sender.send(Frames.join(burst.toArray(new byte[0][])));
      member.send(Frames.join(pings.toArray(new byte[0][])));
      Map<String, List<Integer>> heard = new TreeMap<>();
      for (int i = 0; i < EACH * (ROOMS.size() + 1); i++) {
        note(member.hear(), heard);
      }
      List<Integer> all = IntStream.range(0, EACH).boxed().toList();
      assertThat(heard).isEqualTo(Map.of("a", all, "b", all, "c", all, "pong", all));
    }
  }

  private static void note(String text, Map<String, List<Integer>> heard) {
    Matcher message = MESSAGE.matcher(text);
    Matcher pong = PONG.matcher(text);
    if (message.find()) {
      heard
          .computeIfAbsent(message.group(1), room -> new ArrayList<>())
          .add(Integer.valueOf(message.group(2)));
    } else if (pong.find()) {
      heard.computeIfAbsent("pong", room -> new ArrayList<>()).add(Integer.valueOf(pong.group(1)));
    } else {
      throw new AssertionError("neither a message nor a pong: " + text);
    }
  }

  @ParameterizedTest
  @MethodSource("io.roomcast.testing.TestServer#transports")
  void reachesNobodyWhoComesToTheSocketOfOneThatHasGone(NativeTransport transport)
      throws IOException {
    byte[] burst = Frames.join(message("a", 1, 2000), message("a", 2, 2000), message("a", 3, 9));
    try (TestServer server = TestServer.start(transport, FAST);
        RawWebSocket sender = server.client()) {
      for (int i = 0; i < 300; i++) {
        RawWebSocket gone = server.client();
        gone.join("a");
        sender.send(burst);
        if (i % 2 == 0) {
          gone.reset();
        } else {
          gone.close();
        }
        try (RawWebSocket next = server.client()) {
          // Throws when it hears anything else before.
          next.join("b");
          sender.send(message("b", i, 1));
          // What was said just before it came may be told it; of the other room, nothing may.
          String heard = next.hear();
          while (!heard.contains("\"room\":\"b\",\"message\":[" + i + ",")) {
            assertThat(heard).contains("\"room\":\"b\"");
            heard = next.hear();
          }
        }
      }
    }
  }

  @Test
  void isOnlyForLoopsWithARing() throws InterruptedException {
    try (MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
      EventLoop loop = group.next();
      assertThat(RingSender.of(loop)).isNull();
    }
  }
}
