package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.config.WebhookConfig;
import io.roomcast.room.Occupancy;
import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.HookServer;
import io.roomcast.testing.HookServer.Answer;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rooms that are filled and emptied over two nodes, as a program of the operator's hears of it. */
final class WebhookRoomsIT {
  private static final Duration FORGOTTEN = Duration.ofSeconds(Occupancy.FORGET_SECONDS + 10);
  private static final Pattern EVENT =
      Pattern.compile(
          "io.roomcast.room.(filled|emptied)\"[^}]*?\"sequence\":\"([0-9]{16})\"[^}]*\"room\":\"([^\"]+)\"");

  private RedisProcess redis;
  private FaultProxy proxy;
  private HookServer program;
  private Roomcast a;
  private Roomcast b;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start();
    proxy = FaultProxy.before(redis.port());
    program = new HookServer();
    a = node("a", redis.port());
    b = node("b", proxy.port());
    await().atMost(FORGOTTEN).until(() -> a.health().ready() && b.health().ready());
  }

  private Roomcast node(String name, int redisPort) throws Exception {
    return Roomcast.builder()
        .port(0)
        .loops(1)
        .nodeName(name)
        .drain(Duration.ZERO)
        .redis("redis://127.0.0.1:" + redisPort)
        .webhook(
            new WebhookConfig(
                program.url(),
                "a-webhook-secret-of-32-characters",
                false,
                List.of("rooms"),
                Duration.ofSeconds(5)))
        .start();
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    program.close();
    proxy.close();
    redis.close();
  }

  private record Told(String what, String sequence, String room) {}

  private Stream<Told> all() {
    return program.calls().stream()
        .flatMap(call -> EVENT.matcher(call.body()).results())
        .map(event -> new Told(event.group(1), event.group(2), event.group(3)));
  }

  /** What was told of a room, in the order in which it came. */
  private List<String> told(String room) {
    return all().filter(told -> told.room().equals(room)).map(Told::what).toList();
  }

  private void awaitTold(String room, String... what) {
    await().atMost(FORGOTTEN).until(() -> told(room), List.of(what)::equals);
  }

  private static RawWebSocket join(Roomcast node, String room) throws Exception {
    RawWebSocket socket = RawWebSocket.open(node.port());
    socket.join(room);
    return socket;
  }

  /** Tells of another room, behind what the node has to tell. */
  private void mark(Roomcast node, String room) throws Exception {
    RawWebSocket socket = join(node, room);
    await().atMost(FORGOTTEN).until(() -> told(room).contains("filled"));
    socket.close();
    awaitTold(room, "filled", "emptied");
  }

  @Test
  void aRoomOfTwoNodesIsFilledOnceAndEmptiedOnce() throws Exception {
    RawWebSocket ann = join(a, "r");
    awaitTold("r", "filled");
    RawWebSocket bob = join(b, "r");
    mark(b, "while both");
    ann.close();
    mark(a, "while one");
    assertThat(told("r")).containsExactly("filled");
    bob.close();
    awaitTold("r", "filled", "emptied");
    List<String> sequences =
        all().filter(told -> told.room().equals("r")).map(Told::sequence).toList();
    assertThat(sequences).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void whatAKilledNodeHadIsToldByTheOther() throws Exception {
    RawWebSocket ann = join(a, "both");
    RawWebSocket bob = join(b, "both");
    RawWebSocket eve = join(b, "its own");
    awaitTold("both", "filled");
    awaitTold("its own", "filled");
    // As one that was killed: nothing more comes from it.
    proxy.refuse(true);
    proxy.reset();
    awaitTold("its own", "filled", "emptied");
    assertThat(told("both")).containsExactly("filled");
    // What it has counts again when it is back.
    proxy.refuse(false);
    awaitTold("its own", "filled", "emptied", "filled");
    ann.close();
    mark(a, "after");
    assertThat(told("both")).containsExactly("filled");
    bob.close();
    eve.close();
    awaitTold("both", "filled", "emptied");
  }

  @Test
  void aNodeThatEndsTellsOfTheRoomsThatItEmpties() throws Exception {
    RawWebSocket ann = join(b, "r");
    awaitTold("r", "filled");
    b.close();
    awaitTold("r", "filled", "emptied");
    // And it is known to be told: nobody says it again.
    assertThat((List<?>) redis.call("KEYS", "roomcast:{room:}:filled:untold:*")).isEmpty();
    ann.close();
  }

  @Test
  void whatANodeCouldNotTellBeforeItsEndIsToldByTheOther() throws Exception {
    program.answers(call -> new Answer(503, ""));
    RawWebSocket ann = join(b, "r");
    await().until(() -> told("r").contains("filled"));
    b.close();
    ann.close();
    program.answers(call -> new Answer(200, ""));
    int before = program.calls().size();
    await()
        .atMost(FORGOTTEN)
        .until(
            () ->
                program.calls().stream()
                    .skip(before)
                    .anyMatch(
                        call ->
                            call.body().contains("room.emptied")
                                && call.body().contains("/roomcast/a")));
    assertThat(all().map(Told::sequence).distinct()).hasSize(2);
    await()
        .atMost(FORGOTTEN)
        .until(() -> ((List<?>) redis.call("KEYS", "roomcast:{room:}:filled:untold:*")).isEmpty());
  }

  @Test
  void nothingIsAskedOfRedisWithoutAProgramThatWantsRooms() throws Exception {
    try (Roomcast plain =
            Roomcast.builder()
                .port(0)
                .loops(1)
                .drain(Duration.ZERO)
                .redis("redis://127.0.0.1:" + redis.port() + "/0")
                .redisPrefix("plain:")
                .start();
        RawWebSocket ann = join(plain, "r")) {
      assertThat(ann.ask("{\"type\":\"ping\",\"id\":1}")).contains("pong");
      assertThat((List<?>) redis.call("KEYS", "roomcast:{plain:}:filled*")).isEmpty();
    }
  }
}
