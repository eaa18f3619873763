package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.redis.Subscriptions.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
  private final Epoch first = new Epoch(1000);
  private int woken;
  private final Subscriptions subscriptions = new Subscriptions("room:", () -> woken++);

  private static List<String> names(List<Channel> channels) {
    return channels.stream().map(c -> new String(c.name.bytes(), UTF_8)).toList();
  }

  private Channel subscribing(String room) {
    Subscriptions.Batch batch = subscriptions.next();
    assertThat(batch.unsubscribe()).isEmpty();
    assertThat(names(batch.subscribe())).containsExactly("room:" + room);
    return batch.subscribe().getFirst();
  }

  private Channel unsubscribing() {
    Subscriptions.Batch batch = subscriptions.next();
    assertThat(batch.subscribe()).isEmpty();
    assertThat(batch.unsubscribe()).hasSize(1);
    return batch.unsubscribe().getFirst();
  }

  private void assertNothingToDo() {
    Subscriptions.Batch batch = subscriptions.next();
    assertThat(batch.subscribe()).isEmpty();
    assertThat(batch.unsubscribe()).isEmpty();
  }

  @Test
  void aWishIsAnsweredWhenRedisConfirms() {
    subscriptions.begin(first);
    subscriptions.want("a", 7);
    assertThat(woken).isEqualTo(1);
    Channel channel = subscribing("a");
    assertThat(channel.open).isFalse();
    assertThat(subscriptions.subscribed(channel, first)).isEqualTo(new Answer(7, 0));
    assertThat(channel.open).isTrue();
    assertNothingToDo();
  }

  @Test
  void wishesWithoutAConnectionWaitForOne() {
    subscriptions.want("a", 1);
    subscriptions.want("b", 2);
    subscriptions.drop("b");
    assertThat(woken).isZero();
    assertNothingToDo();
    subscriptions.begin(first);
    assertThat(woken).isEqualTo(1);
    subscribing("a");
  }

  @Test
  void roomsLeftWithoutAConnectionAreForgotten() {
    subscriptions.want("a", 1);
    subscriptions.drop("a");
    assertThat(subscriptions.channels()).isEmpty();
  }

  @Test
  void nothingIsSaidWhileSomethingIsUnderWay() {
    subscriptions.begin(first);
    subscriptions.want("a", 1);
    Channel a = subscribing("a");
    subscriptions.want("b", 2);
    assertNothingToDo();
    assertThat(woken).isEqualTo(1);
    subscriptions.subscribed(a, first);
    assertThat(woken).isEqualTo(2);
    subscribing("b");
  }

  @Test
  void theAnswerBearsTheTicketOfTheMoment() {
    subscriptions.begin(first);
    subscriptions.want("a", 1);
    Channel a = subscribing("a");
    subscriptions.drop("a");
    subscriptions.want("a", 2);
    assertThat(subscriptions.subscribed(a, first)).isEqualTo(new Answer(2, 0));
    assertNothingToDo();
  }

  @Test
  void aRoomLeftBeforeTheConfirmationIsUnsubscribed() {
    subscriptions.begin(first);
    subscriptions.want("a", 1);
    Channel a = subscribing("a");
    subscriptions.drop("a");
    assertThat(subscriptions.subscribed(a, first)).isNull();
    assertThat(unsubscribing()).isSameAs(a);
    subscriptions.unsubscribed(a, first);
    assertThat(subscriptions.channels()).isEmpty();
  }

  @Test
  void aRoomWantedAgainWhileItIsUnsubscribedIsSubscribedAfterIt() {
    subscriptions.begin(first);
    subscriptions.want("a", 1);
    Channel a = subscribing("a");
    subscriptions.subscribed(a, first);
    subscriptions.drop("a");
    assertThat(unsubscribing()).isSameAs(a);
    subscriptions.want("a", 2);
    assertNothingToDo();
    subscriptions.unsubscribed(a, first);
    assertThat(subscribing("a")).isSameAs(a);
    assertThat(subscriptions.subscribed(a, first)).isEqualTo(new Answer(2, 0));
  }

  @Test
  void aRoomLeftAndWantedAgainAtOnceIsAskedForOnceMore() {
    subscriptions.begin(first);
    subscriptions.want("a", 1);
    Channel a = subscribing("a");
    subscriptions.subscribed(a, first);
    subscriptions.drop("a");
    assertThat(a.open).isFalse();
    subscriptions.want("a", 2);
    assertThat(subscribing("a")).isSameAs(a);
    assertThat(subscriptions.subscribed(a, first)).isEqualTo(new Answer(2, 0));
  }

  @Test
  void afterAnInterruptionOnlyWhatWasConfirmedHasAGap() {
    subscriptions.begin(first);
    subscriptions.want("a", 1);
    Channel a = subscribing("a");
    subscriptions.subscribed(a, first);
    first.proven(2000);
    subscriptions.want("b", 2);
    Channel b = subscribing("b");
    subscriptions.end();
    assertThat(subscriptions.subscribed(b, first)).isNull();
    Epoch second = new Epoch(3000);
    subscriptions.begin(second);
    assertThat(names(subscriptions.next().subscribe()))
        .containsExactlyInAnyOrder("room:a", "room:b");
    assertThat(subscriptions.subscribed(b, first)).isNull();
    assertThat(subscriptions.subscribed(a, second)).isEqualTo(new Answer(1, 2000));
    assertThat(subscriptions.subscribed(b, second)).isEqualTo(new Answer(2, 0));
  }

  @Test
  void theGapOfSeveralInterruptionsIsOne() {
    subscriptions.begin(first);
    subscriptions.want("a", 1);
    subscriptions.subscribed(subscribing("a"), first);
    first.proven(2000);
    subscriptions.begin(new Epoch(3000));
    subscribing("a");
    subscriptions.begin(new Epoch(4000));
    Epoch last = new Epoch(5000);
    subscriptions.begin(last);
    assertThat(subscriptions.subscribed(subscribing("a"), last)).isEqualTo(new Answer(1, 2000));
  }

  @Test
  void aNewWishAfterAnInterruptionHasNoGap() {
    subscriptions.begin(first);
    subscriptions.want("a", 1);
    subscriptions.subscribed(subscribing("a"), first);
    subscriptions.end();
    subscriptions.drop("a");
    subscriptions.want("a", 2);
    Epoch second = new Epoch(3000);
    subscriptions.begin(second);
    assertThat(subscriptions.subscribed(subscribing("a"), second)).isEqualTo(new Answer(2, 0));
  }

  @Test
  void manyRoomsComeInBatches() {
    int rooms = 10 * Subscriptions.BATCH + 1;
    for (int i = 0; i < rooms; i++) {
      subscriptions.want("r" + i, i);
    }
    subscriptions.begin(first);
    int batches = 0;
    int subscribed = 0;
    List<Channel> asked = subscriptions.next().subscribe();
    while (!asked.isEmpty()) {
      assertThat(asked).hasSizeLessThanOrEqualTo(Subscriptions.BATCH);
      batches++;
      subscribed += asked.size();
      asked.forEach(channel -> assertThat(subscriptions.subscribed(channel, first)).isNotNull());
      asked = subscriptions.next().subscribe();
    }
    assertThat(batches).isEqualTo(11);
    assertThat(subscribed).isEqualTo(rooms);
    assertThat(woken).isEqualTo(11);
  }
}
