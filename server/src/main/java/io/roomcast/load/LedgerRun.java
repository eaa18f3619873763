package io.roomcast.load;

import io.roomcast.load.LedgerLoad.Counts;
import io.roomcast.load.LoadReport.Figure;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A load with a ledger against servers that somebody else runs, and may harm meanwhile. */
public final class LedgerRun {
  private static final Duration OPENING = Duration.ofMinutes(2);
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private LedgerRun() {}

  /**
   * Publishes for some seconds, and judges.
   *
   * @param progress gets a line each second
   * @throws InterruptedException when the calling thread is interrupted; the run ends then
   */
  public static LoadReport run(LedgerOptions options, int seconds, PrintStream progress)
      throws InterruptedException {
    try (LedgerLoad load = LedgerLoad.open(options)) {
      if (load.awaitJoined(OPENING).isEmpty()) {
        String why = "not all could connect and join: " + load.lastTrouble();
        return new LoadReport(title(options, seconds), List.of(), List.of(why));
      }
      load.start();
      for (int i = 1; i <= seconds; i++) {
        TimeUnit.SECONDS.sleep(1);
        progress.printf(Locale.ROOT, "%4d s  %s%n", i, load.counts());
      }
      Counts counts = load.counts();
      Verdict verdict = load.finish(SETTLING);
      List<String> faults = verdict.clean() ? List.of() : faults(verdict);
      return new LoadReport(
          title(options, seconds), figures(load, counts, verdict, seconds), faults);
    }
  }

  private static String title(LedgerOptions options, int seconds) {
    return String.format(
        Locale.ROOT,
        "ledger: %d rooms x %d members, %.0f messages/s of %d bytes, %d s, seed %d%s",
        options.rooms(),
        options.members(),
        options.rate(),
        options.bytes(),
        seconds,
        options.seed(),
        options.recover() ? ", recovering" : "");
  }

  private static List<String> faults(Verdict verdict) {
    List<String> out = new ArrayList<>(List.of(verdict.toString()));
    out.addAll(verdict.examples());
    return out;
  }

  private static List<Figure> figures(
      LedgerLoad load, Counts counts, Verdict verdict, int seconds) {
    return List.of(
        new Figure("deliveries_per_second", (double) verdict.delivered() / seconds),
        new Figure("published", verdict.published()),
        new Figure("publishes_failed", counts.failed()),
        new Figure("publishes_unanswered", counts.unanswered()),
        new Figure("connections_lost", counts.broken()),
        new Figure("joins_recovered", counts.recovered()),
        new Figure("gaps_told", verdict.gaps()),
        new Figure("holes_signalled", verdict.signalled()),
        new Figure("holes_unsignalled", verdict.unsignalled()),
        new Figure("duplicates", verdict.duplicates()),
        new Figure("inversions", verdict.inversions()),
        new Figure("corrupt", verdict.corrupt()),
        new Figure("latency_p50_us", load.latencyMillis(0.5) * 1000),
        new Figure("latency_p99_us", load.latencyMillis(0.99) * 1000));
  }
}
