package io.roomcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.room.Limits;
import io.roomcast.testing.CountingTelemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers of event streams that stop reading, in rooms that do not wait for them. */
final class SlowEventsIT {
  private static final Limits LIMITS =
      new Limits(65536, 128, 0, 200, 100, 1 << 20, Duration.ofSeconds(100), Duration.ofSeconds(5));
  private static final String BODY = "\"" + "x".repeat(50_000) + "\"";

  private final CountingTelemetry telemetry = new CountingTelemetry();
  private final HttpTestServer server =
      new HttpTestServer.Setup()
          .limits(LIMITS)
          .telemetry(telemetry)
          .rulebook(RuleReader.book(List.of("live slow=latest", "kept slow=resync log=9999/1h")))
          .start();
  private int sent;

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient subscribed(String room) throws IOException {
    RawClient client = new RawClient(server.port(), 4096);
    client.send("GET /v1/rooms/" + room + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    while (!client.readLine().equals(": subscribed")) {}
    return client;
  }

  private void publish(String room) {
    byte[] body = ("[" + sent++ + "," + BODY + "]").getBytes(StandardCharsets.UTF_8);
    server.node().publish(room, body, "", "", "", (outcome, position) -> {});
  }

  private void publishUntil(String counted, String room) {
    while (telemetry.count(counted) < 20 && sent < 1000) {
      int before = sent;
      publish(room);
      dealtWith(counted, before);
    }
    assertThat(telemetry.count(counted)).isGreaterThanOrEqualTo(20);
  }

  /** So many are written, or counted, but for the newest. */
  private void dealtWith(String counted, int count) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> telemetry.count("delivered") + telemetry.count(counted) >= count);
  }

  @Test
  void theNewestWaits() throws IOException {
    try (RawClient slow = subscribed("live")) {
      publishUntil("dropped SLOW_LATEST", "live");
      dealtWith("dropped SLOW_LATEST", sent - 1);
      List<Integer> numbers = new ArrayList<>();
      int skipped = 0;
      while (numbers.isEmpty() || numbers.getLast() < sent - 1) {
        String line = slow.readLine();
        if (line.startsWith("data: {\"type\":\"gap\"")) {
          skipped +=
              Integer.parseInt(line.replaceAll(".*\"reason\":\"slow\",\"skipped\":(\\d+)}", "$1"));
        } else if (line.startsWith("data: ")) {
          numbers.add(number(line));
        }
      }
      assertThat(numbers).isSorted().doesNotHaveDuplicates();
      assertThat(numbers.size() + skipped).isEqualTo(sent);
    }
  }

  private static Integer number(String line) {
    return Integer.valueOf(line.replaceAll(".*\"message\":\\[(\\d+),.*", "$1"));
  }

  @Test
  void whatWasMissedIsReadFromTheLogAndHasItsPosition() throws IOException {
    try (RawClient slow = subscribed("kept")) {
      publishUntil("dropped SLOW_RESYNC", "kept");
      List<Integer> numbers = new ArrayList<>();
      String id = "";
      while (numbers.size() < sent) {
        String line = slow.readLine();
        if (line.startsWith("id: ")) {
          id = line;
        } else if (line.startsWith("data: ")) {
          numbers.add(number(line));
          assertThat(id).endsWith(":" + numbers.size());
        }
      }
      assertThat(numbers).isEqualTo(IntStream.range(0, sent).boxed().toList());
    }
  }
}
