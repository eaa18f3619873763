package io.roomcast.metrics;

import io.roomcast.protocol.CloseCode;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Counts of close codes. A client may close with any of thousands: those that it has no reason to
 * use are counted together.
 */
final class CloseCodes {
  /** Codes that no close frame has carried: an empty frame, and a connection that just ended. */
  private static final int[] WITHOUT_FRAME = {1005, 1006};

  private static final int[] KNOWN =
      IntStream.concat(
              Arrays.stream(CloseCode.values()).mapToInt(CloseCode::code),
              Arrays.stream(WITHOUT_FRAME))
          .sorted()
          .toArray();

  private final LongAdder[] counts = new LongAdder[KNOWN.length];
  private final LongAdder other = new LongAdder();

  CloseCodes() {
    Arrays.setAll(counts, i -> new LongAdder());
  }

  void count(int code) {
    int at = Arrays.binarySearch(KNOWN, code);
    (at < 0 ? other : counts[at]).increment();
  }

  /** Gives each count with its code as the label. */
  void forEach(Counts.LabelledCount to) {
    for (int i = 0; i < KNOWN.length; i++) {
      to.count(counts[i].doubleValue(), String.valueOf(KNOWN[i]));
    }
    to.count(other.doubleValue(), "other");
  }
}
