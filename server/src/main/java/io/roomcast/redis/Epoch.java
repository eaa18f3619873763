package io.roomcast.redis;

import java.util.concurrent.atomic.AtomicLong;

/** One life of the subscribing connection: what was confirmed in it is worth nothing after it. */
final class Epoch {
  private final AtomicLong proof;

  /** Begins at a wall time. */
  Epoch(long now) {
    proof = new AtomicLong(now);
  }

  /** Something came in: until now, nothing before it on this connection is missing. */
  void proven(long now) {
    proof.lazySet(now);
  }

  /** The last wall time at which delivery is known to have worked. */
  long lastProof() {
    return proof.get();
  }
}
