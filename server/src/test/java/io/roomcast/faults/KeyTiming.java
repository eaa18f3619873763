package io.roomcast.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.roomcast.auth.ApiKeys;
import io.roomcast.faults.Attacks.Finding;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Whether the time to refuse an API key tells how much of it is right: keys that are right but for
 * their last characters, and keys that are wrong throughout, in random order.
 */
final class KeyTiming {
  private static final int SAMPLES = 500_000;

  private static final int GUESSES = 4096;

  private final ApiKeys keys;
  private final byte[][] guesses = new byte[GUESSES][];

  KeyTiming() {
    String key = ApiKeys.generate();
    keys = ApiKeys.of(List.of(ApiKeys.line("k", Set.of(Scope.READ), key)));
    int same = key.length() - 6;
    for (int i = 0; i < GUESSES; i++) {
      String wrong = ApiKeys.generate();
      String guess = kind(i) == 0 ? key.substring(0, same) + wrong.substring(same) : wrong;
      guesses[i] = guess.getBytes(ISO_8859_1);
    }
  }

  private static int kind(int guess) {
    return guess % 2;
  }

  /** Measures 1,000,000 refusals. */
  Finding run() {
    double[][] took = new double[2][SAMPLES];
    Random random = new Random(10);
    int[] at = {0, 0};
    while (at[0] < SAMPLES || at[1] < SAMPLES) {
      int which = random.nextInt(GUESSES);
      int kind = kind(which);
      if (at[kind] == SAMPLES) {
        continue;
      }
      // Made anew, so that where one lies in memory says nothing of its kind.
      String guess = new String(guesses[which], ISO_8859_1);
      long from = System.nanoTime();
      if (known(guess)) {
        throw new AssertionError("a guess was right");
      }
      took[kind][at[kind]++] = System.nanoTime() - from;
    }
    double t = Math.abs(welch(cropped(took[0]), cropped(took[1])));
    return new Finding(
        "S10",
        "1,000,000 wrong API keys, half of them right but for the last six",
        String.format(Locale.ROOT, "Welch's t is %.2f (4.5 would tell them apart)", t),
        t < 4.5);
  }

  private boolean known(String guess) {
    try {
      keys.check(guess);
      return true;
    } catch (Refused e) {
      return false;
    }
  }

  /**
   * Without the first tenth, in which it is compiled, and without the slowest, in which it is not.
   */
  private static double[] cropped(double[] all) {
    double[] rest = Arrays.copyOfRange(all, all.length / 10, all.length);
    Arrays.sort(rest);
    return Arrays.copyOf(rest, rest.length * 9 / 10);
  }

  private static double welch(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double varianceA = Arrays.stream(a).map(x -> (x - meanA) * (x - meanA)).sum() / (a.length - 1);
    double varianceB = Arrays.stream(b).map(x -> (x - meanB) * (x - meanB)).sum() / (b.length - 1);
    return (meanA - meanB) / Math.sqrt(varianceA / a.length + varianceB / b.length);
  }
}
