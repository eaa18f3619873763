package io.roomcast.redis;

import java.util.concurrent.atomic.AtomicLong;

/** One life of the subscribing connection: what was confirmed in it is worth nothing after it. */
final class Epoch {
  private final AtomicLong proof;

  /** Begins at a wall time. */
  Epoch(long now) {
    proof = new AtomicLong(now);
  }

  /** Nothing that was published before this time is missing on this connection. */
  void proven(long until) {
    proof.lazySet(until);
  }

  /** The last wall time until which nothing is missing. */
  long lastProof() {
    return proof.get();
  }
}
