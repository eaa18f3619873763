package io.roomcast.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.metrics.PrometheusTelemetry;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Limits;
import io.roomcast.testing.Verdicts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A room as Server-Sent Events, byte for byte. */
final class HttpEventsIT {
  private static final String OPENING = "retry: 1000\n: subscribed\n\n";

  private static final byte[] LARGE = ("\"" + "x".repeat(60_000) + "\"").getBytes(UTF_8);

  /** As many as are more than any kernel keeps for a connection. */
  private static final int LARGE_EVENTS = 300;

  private final PrometheusTelemetry telemetry = new PrometheusTelemetry();
  private final RecordingBroker broker = new RecordingBroker();
  private final List<RawClient> clients = new ArrayList<>();
  private HttpTestServer server = start(Limits.DEFAULT);

  @BeforeAll
  static void watch() {
    LeakCheck.begin();
  }

  @AfterEach
  void stop() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    await().until(() -> server.node().hub().size().sessions() == 0);
    assertThat(server.node().rooms("", "", 10)).isEmpty();
    server.close();
  }

  @AfterAll
  static void nothingLeaks() {
    LeakCheck.end();
  }

  private HttpTestServer start(Limits limits) {
    return new HttpTestServer.Setup().broker(broker).telemetry(telemetry).limits(limits).start();
  }

  private void restart(Limits limits) {
    server.close();
    server = start(limits);
  }

  private static Limits limits(int unreadBytes, Duration unreadFor, Duration joinWait) {
    return new Limits(64 * 1024, 128, 0, 0, 100, unreadBytes, unreadFor, joinWait);
  }

  private RawClient client(int receiveBuffer) throws IOException {
    RawClient client = new RawClient(server.port(), receiveBuffer);
    clients.add(client);
    return client;
  }

  private RawClient request(String method, String more) throws IOException {
    return client(0)
        .send(method + " /v1/rooms/room1/events HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
  }

  private RawClient subscribed() throws IOException {
    return begun(request("GET", ""));
  }

  private static RawClient begun(RawClient client) throws IOException {
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.read(OPENING.length())).isEqualTo(OPENING);
    return client;
  }

  private void post(String json) throws IOException {
    try (RawClient poster = new RawClient(server.port())) {
      poster.send(
          "POST /v1/rooms/room1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + json.length()
              + "\r\n\r\n"
              + json);
      assertThat(poster.read().status()).isEqualTo(200);
    }
  }

  private static void assertReads(RawClient client, String... events) throws IOException {
    for (String event : events) {
      assertThat(client.read(event.length())).isEqualTo(event);
    }
  }

  private static String event(String message) {
    return "data: {\"type\":\"message\",\"room\":\"room1\",\"message\":" + message + "}\n\n";
  }

  private String metrics() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    telemetry.write(out);
    return out.toString(UTF_8);
  }

  @Test
  void theAnswerIsAStreamThatNothingHoldsBack() throws Exception {
    RawClient.Reply head = request("GET", "").readHead();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers())
        .containsEntry("content-type", "text/event-stream; charset=utf-8")
        .containsEntry("cache-control", "no-store")
        .containsEntry("x-accel-buffering", "no")
        .containsEntry("connection", "close")
        .containsKey("date")
        .doesNotContainKeys("content-length", "transfer-encoding");
  }

  @Test
  void whatIsPostedArrivesByteForByte() throws Exception {
    RawClient one = subscribed();
    RawClient other = subscribed();
    post("{\"a\" :  [1,\\u0041]}".replace("\\u0041", "\"\\u0041\""));
    post("\"gr\u00c3\u00bc\u00c3\u009f\"");
    for (RawClient reader : List.of(one, other)) {
      assertReads(
          reader, event("{\"a\" :  [1,\"\\u0041\"]}"), event("\"gr\u00c3\u00bc\u00c3\u009f\""));
    }
  }

  @Test
  void linesOfJsonAreLinesOfData() throws Exception {
    RawClient reader = subscribed();
    post("{\n \"a\":\r\n1}");
    assertReads(
        reader,
        "data: {\"type\":\"message\",\"room\":\"room1\",\"message\":{\n",
        "data:  \"a\":\n",
        "data: \n",
        "data: 1}}\n\n");
  }

  @Test
  void manyArriveInTheirOrder() throws Exception {
    RawClient reader = subscribed();
    for (int i = 0; i < 1000; i++) {
      byte[] json = Integer.toString(i).getBytes(UTF_8);
      server.node().publish("room1", json, "", "", "", (outcome, position) -> {});
    }
    for (int i = 0; i < 1000; i++) {
      assertReads(reader, event(Integer.toString(i)));
    }
  }

  @Test
  void aReaderThatGoesLeavesTheRoom() throws Exception {
    RawClient reader = subscribed();
    assertThat(server.node().rooms("", "", 10)).hasSize(1);
    reader.close();
    await().until(() -> server.node().hub().size().rooms() == 0);
    assertThat(metrics()).contains("roomcast_closes_total{code=\"1006\"} 1.0\n");
    post("1");
  }

  @Test
  void whatAReaderSaysIsIgnored() throws Exception {
    RawClient reader = request("GET", "").send("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    server.hear(begun(reader), "anything\u0000");
    post("1");
    assertReads(reader, event("1"));
  }

  @Test
  void silenceIsBrokenEvery25Seconds() throws Exception {
    RawClient reader = subscribed();
    server.pass(25);
    server.pass(25);
    assertReads(reader, ":\n\n", ":\n\n");
    server.pass(24);
    post("1");
    assertReads(reader, event("1"));
  }

  @Test
  void aServerThatGoesSaysSo() throws Exception {
    RawClient reader = subscribed();
    server.node().drain(Duration.ZERO);
    assertThat(reader.readLine()).isEqualTo("event: disconnect");
    assertThat(reader.readLine())
        .startsWith("data: {\"type\":\"disconnect\",\"code\":1001,")
        .contains("\"reconnect\":true,\"after\":");
    assertThat(reader.readLine()).isEmpty();
    assertThat(reader.atEnd()).isTrue();
    assertThat(request("GET", "").read().status()).isEqualTo(503);
  }

  @Test
  void theHeadAloneJoinsNothing() throws Exception {
    RawClient reader = request("HEAD", "");
    assertThat(reader.readHead().header("content-type")).startsWith("text/event-stream");
    assertThat(reader.send("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n").read().status())
        .isEqualTo(200);
    assertThat(metrics()).contains("roomcast_connections_opened_total 0.0\n");
  }

  @Test
  void aJoinThatIsNotConfirmedIsNoAnswer() throws Exception {
    restart(limits(1 << 20, Duration.ofSeconds(10), Duration.ofMillis(1)));
    broker.ready = false;
    RawClient reader = request("GET", "");
    await().until(() -> server.node().hub().size().rooms() == 1);
    server.pass(1);
    RawClient.Reply reply = reader.read();
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("retry-after")).isEqualTo("1");
    assertThat(reply.body()).contains("\"error\":\"unavailable\"");
    await().until(() -> server.node().hub().size().rooms() == 0);
    broker.ready = true;
    begun(reader.send("GET /v1/rooms/room1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  }

  @Test
  void aClientMayGoWhileItWaits() throws Exception {
    broker.ready = false;
    RawClient reader = request("GET", "");
    await().until(() -> server.node().hub().size().rooms() == 1);
    reader.close();
    await().until(() -> server.node().hub().size().rooms() == 0);
    await().until(() -> server.connections() == 0);
  }

  @Test
  void aServerMayGoWhileAClientWaits() throws Exception {
    broker.ready = false;
    RawClient reader = request("GET", "");
    await().until(() -> server.node().hub().size().rooms() == 1);
    server.node().drain(Duration.ZERO);
    assertThat(reader.read().status()).isEqualTo(503);
    assertThat(reader.atEnd()).isTrue();
  }

  @Test
  void aReaderThatLeavesTooMuchUnreadIsClosedAndCostsOthersNothing() throws Exception {
    restart(limits(256 * 1024, Duration.ofSeconds(100), Duration.ofSeconds(5)));
    slowReader();
    RawClient quick = subscribed();
    for (int i = 0; i < LARGE_EVENTS; i++) {
      publishLarge();
      assertThat(quick.readLine()).startsWith("data: ");
      assertThat(quick.readLine()).isEmpty();
    }
    assertThat(server.node().hub().size().members()).isEqualTo(1);
    assertThat(metrics())
        .contains("roomcast_dropped_total{reason=\"slow_reader\"} 1.0\n")
        .contains("roomcast_closes_total{code=\"4002\"} 1.0\n");
  }

  @Test
  void aReaderThatIsBehindForTooLongIsClosed() throws Exception {
    restart(limits(1 << 30, Duration.ofSeconds(10), Duration.ofSeconds(5)));
    slowReader();
    fallBehind();
    server.pass(10);
    assertThat(server.node().hub().size().members()).isEqualTo(1);
    server.pass(1);
    assertThat(server.node().hub().size().members()).isZero();
    assertThat(metrics()).contains("roomcast_closes_total{code=\"4002\"} 1.0\n");
  }

  @Test
  void aReaderThatCatchesUpMayStay() throws Exception {
    restart(limits(1 << 30, Duration.ofSeconds(10), Duration.ofSeconds(5)));
    RawClient slow = slowReader();
    fallBehind();
    server.pass(5);
    for (int i = 0; i < LARGE_EVENTS; i++) {
      assertThat(slow.readLine()).startsWith("data: ");
      assertThat(slow.readLine()).isEmpty();
    }
    post("1");
    assertReads(slow, event("1"));
    server.pass(15);
    post("2");
    assertReads(slow, event("2"));
  }

  private RawClient slowReader() throws IOException {
    RawClient slow = client(4096);
    return begun(slow.send("GET /v1/rooms/room1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  }

  /** Until more waits than any kernel keeps for a connection. */
  private void fallBehind() throws IOException {
    for (int i = 0; i < LARGE_EVENTS; i++) {
      publishLarge();
    }
    // Comes after them on the lane, so they are all with the reader's connection then.
    subscribed().close();
    await().until(() -> server.node().hub().size().members() == 1);
  }

  private void publishLarge() {
    server.node().publish("room1", LARGE, "", "", "", (outcome, position) -> {});
  }

  @Test
  void aTokenThatRunsOutEndsTheStream() throws Exception {
    server.close();
    long until = System.currentTimeMillis() + 1000;
    Authenticator shortLived = Verdicts.authenticator(token -> new Identity("ann", until));
    server = new HttpTestServer.Setup().authenticator(shortLived).start();
    RawClient reader = begun(request("GET", "Authorization: Bearer t\r\n"));
    await().until(() -> System.currentTimeMillis() > until + 50);
    server.pass(2);
    assertThat(reader.readLine()).isEqualTo("event: disconnect");
    assertThat(reader.readLine()).contains("\"code\":4004,").contains("\"reconnect\":true");
  }
}
