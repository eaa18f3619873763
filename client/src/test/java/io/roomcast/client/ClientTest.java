package io.roomcast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.Position;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the conversations cannot show: bounds, time, and what the application's side sees. */
final class ClientTest {
  private final ManualLoop loop = new ManualLoop();
  private final ScriptedServer server = new ScriptedServer();

  private RoomcastClient client(ClientOptions options) {
    return new RoomcastClient(URI.create("ws://localhost:8080/ws"), options, loop, server, loop);
  }

  private RoomcastClient connected(ClientOptions options) {
    RoomcastClient client = client(options);
    welcome();
    assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
    return client;
  }

  private void welcome() {
    assertThat(loop.await(30_000, server::isDialled)).isTrue();
    server.take();
    loop.run();
    server.welcome();
    loop.run();
  }

  private void joined(Room room) {
    CompletableFuture<Joined> joined = room.join();
    loop.run();
    String subscribe = server.hear();
    server.say(
        "{\"type\":\"subscribed\",\"id\":" + ScriptedServer.id(subscribe) + ",\"room\":\"r\"}");
    loop.run();
    assertThat(joined).isCompleted();
  }

  private void message(int number) {
    server.say("{\"type\":\"message\",\"room\":\"r\",\"message\":" + number + "}");
  }

  /** Takes as much as the test says. */
  private static final class Reader<T> implements Flow.Subscriber<T> {
    final List<T> got = new ArrayList<>();
    Flow.@Nullable Subscription subscription;
    @Nullable Throwable failure;
    boolean complete;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    void request(long n) {
      Flow.Subscription present = subscription;
      if (present != null) {
        present.request(n);
      }
    }

    @Override
    public void onNext(T item) {
      got.add(item);
    }

    @Override
    public void onError(Throwable why) {
      failure = why;
    }

    @Override
    public void onComplete() {
      complete = true;
    }
  }

  @Test
  void readsNoFurtherThanASlowSubscriberMay() {
    RoomcastClient client = connected(ClientOptions.DEFAULT.withReadAhead(16));
    Room room = client.room("r");
    Reader<Message> reader = new Reader<>();
    room.messages().subscribe(reader);
    joined(room);
    for (int i = 0; i < 100; i++) {
      message(i);
      loop.run();
    }
    int unread = server.wire().unread();
    assertThat(unread).isBetween(80, 88);
    // Half has to be taken before more is read.
    reader.request(4);
    loop.run();
    assertThat(server.wire().unread()).isEqualTo(unread);
    reader.request(1000);
    loop.run();
    assertThat(server.wire().unread()).isZero();
    assertThat(reader.got.stream().map(Message::payload).map(Integer::valueOf))
        .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void aFullClientComesBackWhenItReadsAgain() {
    RoomcastClient client = connected(ClientOptions.DEFAULT.withReadAhead(16));
    Room room = client.room("r");
    Reader<RoomEvent> reader = new Reader<>();
    room.events().subscribe(reader);
    joined(room);
    for (int i = 0; i < 20; i++) {
      message(i);
      loop.run();
    }
    server.end(4002);
    loop.run();
    assertThat(client.state()).isEqualTo(ClientState.WAITING);
    loop.advance(120_000);
    assertThat(server.isDialled()).isFalse();
    reader.request(1000);
    assertThat(loop.await(30_000, server::isDialled)).isTrue();
  }

  @Test
  void aSubscriptionEndsWithTheMembership() {
    RoomcastClient client = connected(ClientOptions.DEFAULT);
    Room room = client.room("r");
    Reader<Message> left = new Reader<>();
    room.messages().subscribe(left);
    joined(room);
    message(1);
    loop.run();
    CompletableFuture<Void> leaving = room.leave();
    loop.run();
    // What had come is given first.
    assertThat(left.complete).isFalse();
    left.request(5);
    loop.run();
    assertThat(left.got).hasSize(1);
    assertThat(left.complete).isTrue();
    assertThat(leaving).isNotDone();
    server.heardNow();

    Reader<Message> removed = new Reader<>();
    room.messages().subscribe(removed);
    joined(room);
    server.say("{\"type\":\"unsubscribed\",\"room\":\"r\",\"code\":1403,\"text\":\"no more\"}");
    loop.run();
    assertThat(removed.failure).isInstanceOf(RoomcastException.class).hasMessage("no more");
  }

  @Test
  void anImpossibleRequestIsAnError() {
    Room room = connected(ClientOptions.DEFAULT).room("r");
    Reader<Message> reader = new Reader<>();
    room.messages().subscribe(reader);
    joined(room);
    message(1);
    reader.request(0);
    loop.run();
    assertThat(reader.failure).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void asksASilentServerAndLeavesItWhenItDoesNotAnswer() {
    RoomcastClient client = connected(ClientOptions.DEFAULT.withSilence(Duration.ofSeconds(9)));
    loop.advance(60_000);
    assertThat(server.answered()).isBetween(5, 7);
    List<String> reasons = new ArrayList<>();
    client.onState(change -> reasons.add(change.reason()));
    assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
    server.wire().over = true;
    loop.advance(12_500);
    assertThat(client.state()).isNotEqualTo(ClientState.CONNECTED);
    assertThat(reasons).contains("the server went silent");
  }

  @Test
  void waitsLongerWithEachFailureAndNeverMoreThanTwentySeconds() {
    RoomcastClient client = client(ClientOptions.DEFAULT);
    long longest = 0;
    long first = 0;
    for (int i = 0; i < 200; i++) {
      long before = loop.millis();
      assertThat(loop.await(30_000, server::isDialled)).isTrue();
      long waited = loop.millis() - before;
      longest = Math.max(longest, waited);
      first = i == 1 ? waited : first;
      server.refuse();
      loop.run();
    }
    assertThat(first).isLessThanOrEqualTo(500);
    assertThat(longest).isBetween(10_000L, 20_000L);
    assertThat(client.lastChange().reason()).isEqualTo("refused by the test");
  }

  @Test
  void aListenerThatThrowsDoesNotKeepTheOthers() {
    Room room = connected(ClientOptions.DEFAULT.withReadAhead(16)).room("r");
    List<Throwable> shown = new ArrayList<>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> shown.add(failure));
    try {
      List<String> got = new ArrayList<>();
      room.onMessage(message -> got.add(message.payload()));
      room.onMessage(
          message -> {
            throw new IllegalStateException("a fault of the application");
          });
      joined(room);
      for (int i = 0; i < 100; i++) {
        message(i);
        loop.run();
      }
      assertThat(got).hasSize(100);
      assertThat(shown).hasSize(100);
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(null);
    }
  }

  @Test
  void replacesATokenBeforeItExpires() {
    long now = System.currentTimeMillis() / 1000;
    String claims =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                ("{\"exp\":" + (now + 100) + "}")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    connected(ClientOptions.DEFAULT.withToken("e30." + claims + ".x"));
    loop.advance(70_000);
    assertThat(server.heard).isEmpty();
    loop.advance(15_000);
    assertThat(server.hear()).contains("\"refresh\"", claims);
    assertThat(Credentials.refreshIn("no.jwt", 0)).isEqualTo(-1);
    assertThat(Credentials.refreshIn("a.!.c", 0)).isEqualTo(-1);
  }

  @Test
  void readsAPageOfTheLog() {
    Room room = client(ClientOptions.DEFAULT).room("r");
    // Before there is a connection: it waits.
    CompletableFuture<HistoryPage> page = room.history(HistoryQuery.before(9, 2));
    welcome();
    String asked = server.hear();
    assertThat(asked).contains("\"before\":9", "\"limit\":2");
    server.say(
        "{\"type\":\"history\",\"id\":"
            + ScriptedServer.id(asked)
            + ",\"room\":\"r\",\"epoch\":\"e\",\"offset\":12,\"more\":true,\"messages\":["
            + "{\"type\":\"message\",\"room\":\"r\",\"message\":\"a\\u00e9\",\"time\":5,\"offset\":7},"
            + "{\"type\":\"message\",\"room\":\"r\",\"message\":[1],\"from\":\"ann\",\"offset\":8}]}");
    loop.run();
    HistoryPage got = page.join();
    assertThat(got.newest()).isEqualTo(new Position("e", 12));
    assertThat(got.more()).isTrue();
    assertThat(got.messages().stream().map(Message::text)).containsExactly("aé", "[1]");
    assertThat(got.messages().get(1).from()).isEqualTo("ann");
    assertThat(got.messages().get(0).position()).isEqualTo(new Position("e", 7));
  }

  @Test
  void whatIsAskedWithoutAConnectionFailsAfterSomeTime() {
    Room room = client(ClientOptions.DEFAULT).room("r");
    CompletableFuture<HistoryPage> page = room.history(HistoryQuery.newest(5));
    loop.advance(9_000);
    assertThat(page).isNotDone();
    loop.advance(2_000);
    assertThat(page).isCompletedExceptionally();
  }

  @Test
  void waitsAsLongAsTheServerSays() {
    Room room = connected(ClientOptions.DEFAULT).room("r");
    CompletableFuture<Sent> send = room.send("1");
    CompletableFuture<Joined> join = room.join();
    loop.run();
    List<String> first = server.heardNow();
    assertThat(first).hasSize(2);
    first.forEach(
        command ->
            server.say(
                "{\"type\":\"error\",\"id\":"
                    + ScriptedServer.id(command)
                    + ",\"code\":1429,\"error\":\"rate_limited\",\"text\":\"slower\",\"temporary\":true,\"after\":9000}"));
    loop.advance(8_999);
    assertThat(server.heardNow()).isEmpty();
    loop.advance(1);
    assertThat(server.heardNow()).hasSize(2).allMatch(said -> !said.contains("ping"));
    assertThat(send).isNotDone();
    assertThat(join).isNotDone();
  }

  @Test
  void refusesWhatCannotWork() {
    RoomcastClient client = connected(ClientOptions.DEFAULT.withMessageBytes(1024));
    assertThatThrownBy(() -> client.room("")).hasMessageContaining("room must not be empty");
    assertThatThrownBy(() -> client.room("r").send("{a}")).hasMessageContaining("{a}");
    CompletableFuture<Sent> large = client.room("r").send("\"" + "x".repeat(1100) + "\"");
    loop.run();
    assertThat(large)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .withMessageContaining("1024");
    assertThat(server.heard).isEmpty();
    assertThatThrownBy(() -> RoomcastClient.connect(URI.create("http://localhost")))
        .hasMessageContaining("ws://");
    assertThatThrownBy(() -> ClientOptions.DEFAULT.withReadAhead(1)).hasMessageContaining("16");
    assertThatThrownBy(() -> ClientOptions.DEFAULT.withQueue(1, Duration.ofHours(1)))
        .hasMessageContaining("giveUp");
    assertThatThrownBy(() -> JoinFrom.last(2000)).hasMessageContaining("1000");
    client.close();
    loop.run();
    assertThat(client.room("r").join()).isNotDone();
    loop.run();
    assertThat(client.room("r").send("1")).satisfies(f -> loop.run()).isCompletedExceptionally();
  }

  @Test
  void leavingCancelsAJoin() {
    Room room = connected(ClientOptions.DEFAULT).room("r");
    CompletableFuture<Joined> join = room.join();
    CompletableFuture<Void> leave = room.leave();
    CompletableFuture<Joined> again = room.join();
    loop.run();
    assertThat(join).isCompletedExceptionally();
    List<String> said = server.heardNow();
    assertThat(said).hasSize(3);
    assertThat(said.get(1)).contains("UNSUBSCRIBE");
    server.say(
        "{\"type\":\"error\",\"id\":"
            + ScriptedServer.id(said.get(0))
            + ",\"code\":1499,\"error\":\"cancelled\",\"text\":\"left\",\"temporary\":false}");
    server.say(
        "{\"type\":\"unsubscribed\",\"id\":" + ScriptedServer.id(said.get(1)) + ",\"room\":\"r\"}");
    server.say(
        "{\"type\":\"subscribed\",\"id\":" + ScriptedServer.id(said.get(2)) + ",\"room\":\"r\"}");
    loop.run();
    assertThat(leave).isCompleted();
    assertThat(again).isCompleted();
  }
}
