package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Json;
import io.roomcast.room.Broker.PublishOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Broker} promises, whoever implements it. */
public abstract class BrokerContract {
  private static final String ROOM = "room 1/äöü😀";

  protected final RecordingEvents events = new RecordingEvents();
  private Broker broker;

  /** A broker that is not started yet. */
  protected abstract Broker create();

  /** The node on which messages are published; this one unless the broker connects several. */
  protected Broker publisher() {
    return broker;
  }

  @BeforeEach
  void startBroker() {
    broker = create();
    broker.start(events);
    await().until(() -> broker.health().ready());
  }

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  protected static Publication message(String room, String text, String exclude) {
    return new Publication(room, Event.message(room, Json.quote(text), ""), exclude);
  }

  private static String json(String room, String text) {
    return new String(message(room, text, "").json(), UTF_8);
  }

  private void subscribe(String room, long ticket) {
    broker.subscribe(room, ticket);
    await().until(() -> events.of(room).contains("subscribed " + ticket));
  }

  /** Publishes and waits for the outcome. */
  private PublishOutcome publish(Publication publication) {
    Queue<PublishOutcome> outcome = new ConcurrentLinkedQueue<>();
    publisher().publish(publication, "", (how, position) -> outcome.add(how));
    await().until(() -> !outcome.isEmpty());
    return outcome.element();
  }

  @Test
  void subscribedComesBeforeWhatIsPublishedAfterIt() {
    subscribe(ROOM, 7);
    assertThat(publish(message(ROOM, "hi", ""))).isEqualTo(PublishOutcome.SENT);
    await().until(() -> events.of(ROOM).size() == 2);
    assertThat(events.of(ROOM)).containsExactly("subscribed 7", json(ROOM, "hi"));
  }

  @Test
  void eachRoomGetsItsOwn() {
    subscribe("a", 1);
    subscribe("b", 2);
    publish(message("a", "for a", ""));
    publish(message("b", "for b", ""));
    await().until(() -> events.of("b").size() == 2 && events.of("a").size() == 2);
    assertThat(events.of("a")).containsExactly("subscribed 1", json("a", "for a"));
    assertThat(events.of("b")).containsExactly("subscribed 2", json("b", "for b"));
  }

  @Test
  void aRoomThatNobodyWantsMayBePublishedTo() {
    assertThat(publish(message("nobody", "hi", ""))).isEqualTo(PublishOutcome.SENT);
  }

  @Test
  void everyPublicationComesOnceAndEachPublishersInOrder() throws InterruptedException {
    int publishers = 4;
    int each = 500;
    subscribe(ROOM, 1);
    Queue<PublishOutcome> outcomes = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < publishers; p++) {
      String name = "p" + p + "-";
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < each; i++) {
                  publisher()
                      .publish(
                          message(ROOM, name + i, ""), "", (how, position) -> outcomes.add(how));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    await().until(() -> events.of(ROOM).size() >= publishers * each + 1);
    for (int p = 0; p < publishers; p++) {
      String name = "p" + p + "-";
      assertThat(events.of(ROOM).stream().filter(text -> text.contains('"' + name)))
          .containsExactlyElementsOf(
              IntStream.range(0, each).mapToObj(i -> json(ROOM, name + i)).toList());
    }
    await().until(() -> outcomes.size() >= publishers * each);
    assertThat(outcomes).hasSize(publishers * each).containsOnly(PublishOutcome.SENT);
  }

  @Test
  void theExcludedSessionTravelsAlong() {
    subscribe(ROOM, 1);
    String session = "a b=c%\n+ö";
    publish(message(ROOM, "hi", session));
    await().until(() -> events.of(ROOM).size() == 2);
    assertThat(events.all().getLast())
        .isInstanceOfSatisfying(Publication.class, p -> assertThat(p.exclude()).isEqualTo(session));
  }

  @Test
  void aNewWishIsAnsweredWithItsOwnTicket() {
    subscribe(ROOM, 1);
    broker.unsubscribe(ROOM);
    subscribe(ROOM, 2);
    publish(message(ROOM, "hi", ""));
    await().until(() -> events.of(ROOM).contains(json(ROOM, "hi")));
    assertThat(events.of(ROOM)).containsExactly("subscribed 1", "subscribed 2", json(ROOM, "hi"));
  }

  @Test
  void unsubscribingWhatIsNotSubscribedIsWithoutEffect() {
    broker.unsubscribe(ROOM);
    subscribe(ROOM, 1);
    broker.unsubscribe("another");
    publish(message(ROOM, "hi", ""));
    await().until(() -> events.of(ROOM).size() == 2);
  }

  @Test
  void nothingFollowsAfterTheEnd() {
    subscribe(ROOM, 1);
    broker.close();
    List<String> before = events.of(ROOM);
    Queue<PublishOutcome> outcome = new ConcurrentLinkedQueue<>();
    broker.publish(message(ROOM, "late", ""), "", (how, position) -> outcome.add(how));
    assertThat(outcome).containsExactly(PublishOutcome.UNAVAILABLE);
    assertThat(broker.health().ready()).isFalse();
    assertThat(events.of(ROOM)).isEqualTo(before);
  }
}
