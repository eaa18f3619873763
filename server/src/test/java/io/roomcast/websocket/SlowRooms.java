package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server with rooms that do not wait, a member that reads, and others that do not. */
final class SlowRooms implements AutoCloseable {
  static final String BODY = "\"" + "x".repeat(50_000) + "\"";

  private static final Limits PATIENT =
      new Limits(65536, 128, 0, 200, 100, 1 << 20, Duration.ofSeconds(90), Duration.ofSeconds(5));

  private final List<RawWebSocket> clients = new ArrayList<>();
  private final TestServer server;
  private final RawWebSocket member;

  SlowRooms(NativeTransport transport) throws IOException {
    server =
        TestServer.start(
            transport,
            PATIENT,
            "live slow=latest",
            "fill slow=latest",
            "kept slow=resync log=9999/1h");
    member = quick();
  }

  RawWebSocket member() {
    return member;
  }

  long count(String name) {
    return server.telemetry().count(name);
  }

  RawWebSocket quick() throws IOException {
    clients.add(server.client());
    return clients.getLast();
  }

  RawWebSocket slow(String room) throws IOException {
    RawWebSocket slow = RawWebSocket.connect(server.port(), 8192);
    clients.add(slow);
    join(slow.upgrade(), room);
    return slow;
  }

  static void join(RawWebSocket client, String room) throws IOException {
    assertThat(client.ask("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"" + room + "\"}"))
        .startsWith("{\"type\":\"subscribed\",");
  }

  /** The member says something to the room, and hears it. */
  void exchange(String room, int number, String body) throws IOException {
    member.say(
        "{\"type\":\"sendMessage\",\"room\":\"%s\",\"message\":[%d,%s]}"
            .formatted(room, number, body));
    assertThat(member.hear()).contains("\"message\":[" + number + ",");
  }

  /** What one client hears of a room. */
  static final class Heard {
    final List<Integer> numbers = new ArrayList<>();
    int skipped;

    void hear(RawWebSocket client) throws IOException {
      take(client.hear());
    }

    void take(String json) {
      if (json.startsWith("{\"type\":\"gap\"")) {
        assertThat(json).contains("\"reason\":\"slow\"");
        skipped += Integer.parseInt(json.replaceAll(".*\"skipped\":(\\d+)}", "$1"));
      } else {
        numbers.add(Integer.valueOf(json.replaceAll(".*\"message\":\\[(\\d+),.*", "$1")));
      }
    }

    int last() {
      return numbers.isEmpty() ? -1 : numbers.getLast();
    }
  }

  @Override
  public void close() {
    clients.forEach(RawWebSocket::close);
    server.close();
  }
}
