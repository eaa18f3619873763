package io.roomcast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes and a real Redis that fails: nothing of a room with a log is lost in silence. */
final class RecoveryIT {
  private static final List<String> RULES =
      List.of(
          "kept:* log=1000/1h",
          "small:* log=5/1h",
          "lively:* local",
          "all:* slow=resync log=9999/1h");

  private RedisProcess redis;
  private Roomcast a;
  private Roomcast b;

  @BeforeEach
  void start() throws IOException {
    redis = RedisProcess.start();
    a = node("a");
    b = node("b");
    awaitReady();
  }

  private Roomcast node(String name) throws IOException {
    return Roomcast.builder()
        .port(0)
        .redis(redis.uri())
        .nodeName(name)
        .rules(RULES)
        .drain(Duration.ZERO)
        .start();
  }

  private void awaitReady() {
    await().atMost(Duration.ofSeconds(20)).until(() -> a.health().ready() && b.health().ready());
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    redis.close();
  }

  private static String subscribe(String room, String more) {
    return "{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"" + room + "\"" + more + "}";
  }

  private static String since(String epoch, long offset) {
    return ",\"since\":{\"epoch\":\"" + epoch + "\",\"offset\":" + offset + "}";
  }

  private static long offset(String json) {
    return Long.parseLong(json.replaceAll(".*\"offset\":(\\d+).*", "$1"));
  }

  private static String epoch(String json) {
    return json.replaceAll(".*\"epoch\":\"([^\"]+)\".*", "$1");
  }

  /** Sends until the node has taken it: a repeat has the same key. */
  private static void send(Roomcast node, String room, int number) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + node.port() + "/v1/rooms/" + room + "/messages"))
            .header("content-type", "application/json")
            .header("idempotency-key", "k" + number)
            .POST(HttpRequest.BodyPublishers.ofString("" + number))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> http.send(request, BodyHandlers.discarding()).statusCode() == 200);
    }
  }

  private static List<String> hear(RawWebSocket member, int count) throws IOException {
    List<String> heard = new ArrayList<>();
    while (heard.size() < count) {
      heard.add(member.hear());
    }
    return heard;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void aSubscribingConnectionThatIsCutAgainAndAgainLosesNothing() throws IOException {
    try (RawWebSocket member = RawWebSocket.open(b.port())) {
      assertThat(member.ask(subscribe("kept:r", ""))).contains("\"offset\":0");
      for (int i = 1; i <= 60; i++) {
        if (i % 12 == 5) {
          redis.killSubscribers();
        }
        send(a, "kept:r", i);
      }
      List<String> heard = hear(member, 60);
      assertThat(heard.stream().map(RecoveryIT::offset).toList()).isEqualTo(range(1, 60));
      assertThat(heard).allMatch(json -> json.startsWith("{\"type\":\"message\""));
    }
  }

  @Test
  void whatWasMissedIsServedByAnotherNode() throws IOException {
    String epoch;
    try (RawWebSocket member = RawWebSocket.open(a.port())) {
      epoch = epoch(member.ask(subscribe("small:r", "")));
      send(a, "small:r", 1);
      assertThat(offset(member.hear())).isEqualTo(1);
    }
    for (int i = 2; i <= 6; i++) {
      send(i % 2 == 0 ? a : b, "small:r", i);
    }
    try (RawWebSocket member = RawWebSocket.open(b.port())) {
      assertThat(member.ask(subscribe("small:r", since(epoch, 1))))
          .contains("\"recovered\":true")
          .contains("\"offset\":1");
      assertThat(hear(member, 5).stream().map(RecoveryIT::offset).toList()).isEqualTo(range(2, 6));
    }
    send(a, "small:r", 7);
    try (RawWebSocket member = RawWebSocket.open(b.port())) {
      assertThat(member.ask(subscribe("small:r", since(epoch, 1))))
          .contains("\"recovered\":false")
          .contains("\"offset\":7");
      send(a, "small:r", 8);
      assertThat(offset(member.hear())).isEqualTo(8);
    }
  }

  @Test
  void aMemberThatDidNotReadIsGivenWhatItMissedFromTheLog() throws IOException {
    String body = ",\"" + "x".repeat(50_000) + "\"]}";
    try (RawWebSocket slow = RawWebSocket.connect(b.port(), 8192).upgrade();
        RawWebSocket sender = RawWebSocket.open(a.port())) {
      slow.ask(subscribe("all:r", ""));
      int sent = 0;
      while (sent < 1000 && !metrics(b).matches("(?s).*\"slow_resync\"} [1-9]\\d.*")) {
        for (int i = 0; i < 20; i++) {
          String number = "\"message\":[" + ++sent;
          assertThat(
                  sender.ask(
                      "{\"type\":\"sendMessage\",\"id\":1,\"room\":\"all:r\"," + number + body))
              .contains("\"sent\"");
        }
      }
      List<String> heard = hear(slow, sent);
      assertThat(heard.stream().map(RecoveryIT::offset).toList()).isEqualTo(range(1, sent));
      assertThat(metrics(b)).contains("{reason=\"slow_lost\"} 0.0");
    }
  }

  private static String metrics(Roomcast node) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + node.port() + "/metrics");
    try (var in = uri.toURL().openStream()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void aRedisThatLostEverythingIsAGapForMembersAndToldToWhoComesBack() throws IOException {
    try (RawWebSocket member = RawWebSocket.open(b.port())) {
      String epoch = epoch(member.ask(subscribe("kept:r", "")));
      send(a, "kept:r", 1);
      assertThat(offset(member.hear())).isEqualTo(1);
      redis.call("FLUSHALL");
      send(a, "kept:r", 2);
      assertThat(member.hear()).contains("\"type\":\"gap\"").contains("\"reason\":\"log\"");
      assertThat(member.hear()).contains("\"message\":2,").contains("\"offset\":1");
      try (RawWebSocket back = RawWebSocket.open(b.port())) {
        String reply = back.ask(subscribe("kept:r", since(epoch, 1)));
        assertThat(reply).contains("\"recovered\":false");
        assertThat(epoch(reply)).isNotEqualTo(epoch);
      }
    }
  }

  @Test
  void aRedisThatIsKilledAndComesBackEmptyIsAGap() throws IOException {
    try (RawWebSocket member = RawWebSocket.open(b.port())) {
      member.ask(subscribe("kept:r", ""));
      send(a, "kept:r", 1);
      assertThat(offset(member.hear())).isEqualTo(1);
      redis.kill9();
      await().until(() -> !a.health().ready());
      redis.restart();
      send(a, "kept:r", 2);
      assertThat(member.hear()).contains("\"type\":\"gap\"");
      assertThat(member.hear()).contains("\"message\":2,");
    }
  }

  @Test
  void whileRedisIsAwayOnlyRoomsThatWantItAreServedLocally() throws IOException {
    try (RawWebSocket member = RawWebSocket.open(a.port())) {
      member.ask(subscribe("lively:r", ""));
      member.ask(subscribe("kept:r", ""));
      redis.kill9();
      await().until(() -> !a.health().ready());
      String send = "{\"type\":\"sendMessage\",\"id\":7,\"message\":1,\"room\":\"";
      member.say(send + "lively:r\"}");
      assertThat(List.of(member.hear(), member.hear()))
          .containsExactlyInAnyOrder(
              "{\"type\":\"message\",\"room\":\"lively:r\",\"message\":1}",
              "{\"type\":\"sent\",\"id\":7,\"room\":\"lively:r\",\"local\":true}");
      assertThat(member.ask(send + "kept:r\"}")).contains("\"code\":1503");
    }
  }
}
