package io.roomcast.load;

import io.roomcast.load.Tally.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Messages to rooms: each after the last one has come, or at a fixed rate. */
final class Publishing implements Drive {
  private final Crowd crowd;
  private final int inflight;

  /** Nanoseconds between two publishes over all publishers; 0 in a closed loop. */
  private final double interval;

  private boolean stopped;
  private long started;
  private long planned;

  private Publishing(Crowd crowd, int inflight, double interval) {
    this.crowd = crowd;
    this.inflight = inflight;
    this.interval = interval;
  }

  static Publishing closedLoop(LoadOptions options, Loop loop, Tally tally) {
    return new Publishing(new Crowd(options, loop, tally), options.shape().inflight(), 0);
  }

  static Publishing openLoop(LoadOptions options, Loop loop, Tally tally) {
    double interval = 1e9 * options.shape().members() / options.shape().rate();
    return new Publishing(new Crowd(options, loop, tally), 0, interval);
  }

  @Override
  public CompletableFuture<Void> prepare() {
    return crowd.open();
  }

  @Override
  public void start() {
    for (Member member : crowd.members) {
      member.link().acknowledgeLess();
    }
    started = System.nanoTime();
    if (interval > 0) {
      publishDue();
      return;
    }
    for (int i = 0; i < inflight; i++) {
      for (Publisher publisher : crowd.publishers) {
        publisher.publish(System.nanoTime());
      }
    }
  }

  /** Sends what is due by now, with the time it was due at, and comes back for the next. */
  private void publishDue() {
    if (stopped) {
      return;
    }
    long now = System.nanoTime();
    long due = due();
    while (due <= now) {
      crowd.publishers.get((int) (planned % crowd.publishers.size())).publish(due);
      crowd.tally.lateness.add(now - due);
      planned++;
      due = due();
    }
    long wait = due - System.nanoTime();
    var unused = crowd.loop.executor().schedule(this::publishDue, wait, TimeUnit.NANOSECONDS);
  }

  private long due() {
    return started + (long) (planned * interval);
  }

  @Override
  public void stop() {
    stopped = true;
    crowd.publishers.forEach(Publisher::stop);
  }

  @Override
  public boolean drained() {
    return crowd.missing() == 0;
  }

  @Override
  public void settle() {
    long missing = crowd.missing();
    if (missing > 0) {
      crowd.tally.fault(Fault.LOST, missing, "at the end of the run");
    }
  }
}
