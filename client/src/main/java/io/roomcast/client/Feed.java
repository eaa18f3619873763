package io.roomcast.client;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One subscriber of a room. Offered to on the loop, drained by the deliveries. */
final class Feed<T extends RoomEvent> implements Flow.Subscription {
  private final Class<T> type;
  private final Flow.Subscriber<? super T> subscriber;
  private final Deliveries deliveries;
  private final Consumer<Feed<T>> whenOver;
  private final ConcurrentLinkedQueue<T> buffer = new ConcurrentLinkedQueue<>();
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean cancelled;
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;

  Feed(
      Class<T> type,
      Flow.Subscriber<? super T> subscriber,
      Deliveries deliveries,
      Consumer<Feed<T>> whenOver) {
    this.type = type;
    this.subscriber = subscriber;
    this.deliveries = deliveries;
    this.whenOver = whenOver;
  }

  void offer(RoomEvent event) {
    if (!cancelled && type.isInstance(event)) {
      deliveries.taken(event);
      buffer.add(type.cast(event));
      deliveries.add(this::drain);
    }
  }

  /** Nothing more comes. */
  void end(@Nullable Throwable why) {
    failure = why;
    ended = true;
    deliveries.add(this::drain);
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      end(new IllegalArgumentException("a request must be for 1 or more, not " + n));
      return;
    }
    demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
    deliveries.add(this::drain);
  }

  @Override
  public void cancel() {
    cancelled = true;
    whenOver.accept(this);
    deliveries.add(this::drain);
  }

  private void drain() {
    while (!cancelled && demand.get() > 0) {
      T next = buffer.poll();
      if (next == null) {
        break;
      }
      if (demand.get() != Long.MAX_VALUE) {
        demand.decrementAndGet();
      }
      deliveries.given(next);
      subscriber.onNext(next);
    }
    if (cancelled) {
      discard();
    } else if (ended && (buffer.isEmpty() || failure instanceof IllegalArgumentException)) {
      finish();
    }
  }

  private void finish() {
    Throwable why = failure;
    cancelled = true;
    whenOver.accept(this);
    discard();
    if (why == null) {
      subscriber.onComplete();
    } else {
      subscriber.onError(why);
    }
  }

  private void discard() {
    for (T left = buffer.poll(); left != null; left = buffer.poll()) {
      deliveries.given(left);
    }
  }
}
