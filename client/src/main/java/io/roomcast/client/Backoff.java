package io.roomcast.client;

import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** When to come back, and when not to. */
final class Backoff {
  /** ms. */
  private static final long FIRST = 500;

  /** ms. */
  private static final long MOST = 20_000;

  /** RFC 6455 codes after which the same client would only fail the same way again. */
  private static final Set<Integer> FINAL = Set.of(1000, 1002, 1003, 1007, 1008, 1009, 1010);

  private Backoff() {}

  /**
   * Full jitter: anything from 0 to a ceiling that doubles with each failure, so that the clients
   * of a node that went away do not all come back at once. ms.
   *
   * @param failures so many in a row before this one
   */
  static long delay(int failures) {
    long ceiling = Math.min(MOST, FIRST << Math.min(failures, 10));
    return ThreadLocalRandom.current().nextLong(ceiling + 1);
  }

  /** Whether a server that closes with this code does not want the client back. */
  static boolean isFinal(int code) {
    return FINAL.contains(code) || (code >= 4500 && code <= 4999);
  }
}
