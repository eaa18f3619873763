package io.roomcast.load;

import io.roomcast.load.LoadReport.Figure;
import io.roomcast.load.Meter.Moment;
import io.roomcast.load.Tally.Fault;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One run of the load tool, from connecting to the report. */
public final class LoadRun {
  private static final int OPENING_SECONDS = 120;
  private static final int DRAIN_SECONDS = 5;
  private static final int STALL_SECONDS = 10;

  private final LoadOptions options;
  private final PrintStream progress;
  private final Loop loop;
  private final Tally tally = new Tally();
  private final Processes server;
  private final Meter meter;

  private LoadRun(LoadOptions options, PrintStream progress, Loop loop) {
    this.options = options;
    this.progress = progress;
    this.loop = loop;
    this.server = new Processes(options.pids());
    this.meter = new Meter(loop, tally, server);
  }

  /**
   * Runs a scenario; takes as long as its options say and some seconds to connect and to drain.
   *
   * @param progress gets a line each second
   * @throws InterruptedException when the calling thread is interrupted; the run ends then
   */
  public static LoadReport run(LoadOptions options, PrintStream progress)
      throws InterruptedException {
    try (Loop loop = Loop.open()) {
      LoadRun run = new LoadRun(options, progress, loop);
      return run.report(options.scenario() == Scenario.IDLE ? run.idle() : run.drive());
    }
  }

  private List<Figure> drive() throws InterruptedException {
    Drive drive = loop.call(this::newDrive);
    if (!opened(loop.call(drive::prepare))) {
      return List.of();
    }
    loop.run(drive::start);
    watch("warm-up", options.timing().warmupSeconds());
    loop.run(tally::measure);
    Moment from = meter.now();
    watch("measured", options.timing().measuredSeconds());
    Moment to = meter.now();
    List<Figure> figures = loop.call(() -> meter.figures(from, to));
    loop.run(drive::stop);
    drain(drive);
    return figures;
  }

  private Drive newDrive() {
    return switch (options.scenario()) {
      case RATE -> Publishing.openLoop(options, loop, tally);
      case CHURN -> new Churn(options, loop, tally, true);
      case JOINS -> new Churn(options, loop, tally, false);
      default -> Publishing.closedLoop(options, loop, tally);
    };
  }

  /** Waits until all are connected; false when that failed or took too long. */
  private boolean opened(CompletableFuture<Void> opening) throws InterruptedException {
    for (int i = 0; i < OPENING_SECONDS * 10 && !loop.call(tally::broken); i++) {
      if (opening.isDone()) {
        settle();
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    loop.run(() -> tally.fault(Fault.STALLED, 1, "not all could connect and join"));
    return false;
  }

  /** Joins that nobody confirms are given time to take effect. */
  private void settle() throws InterruptedException {
    if (!options.protocol().wire().answers()) {
      TimeUnit.SECONDS.sleep(1);
    }
  }

  /** Lets the load run, with a line each second; ends early when it came to a stand. */
  private void watch(String phase, int seconds) throws InterruptedException {
    Moment last = meter.now();
    int idle = 0;
    for (int i = 1; i <= seconds && idle < STALL_SECONDS; i++) {
      TimeUnit.SECONDS.sleep(1);
      Moment now = meter.now();
      idle = now.counts().equals(last.counts()) ? idle + 1 : 0;
      progress.printf(Locale.ROOT, "%-9s %3d s %s%n", phase, i, meter.line(last, now));
      last = now;
    }
    if (idle > 0) {
      String text = "nothing came for " + idle + " s";
      loop.run(() -> tally.fault(Fault.STALLED, 1, text));
    }
  }

  private void drain(Drive drive) throws InterruptedException {
    for (int i = 0; i < DRAIN_SECONDS * 10 && !loop.call(drive::drained); i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    loop.run(drive::settle);
  }

  /** Memory and CPU by the slope between two numbers of members, so that the rest cancels out. */
  private List<Figure> idle() throws InterruptedException {
    Crowd crowd = loop.call(() -> new Crowd(options, loop, tally));
    int all = crowd.members.size();
    int few = Math.max(1, all / 5);
    Still first = still(crowd, 0, few);
    Still second = still(crowd, few, all);
    double more = all - few;
    List<Figure> out = new ArrayList<>();
    out.add(new Figure("connections", all));
    if (server.known()) {
      out.add(new Figure("server_rss_kib", second.neededKib));
      double needed = second.neededKib - first.neededKib;
      out.add(new Figure("server_rss_kib_per_connection", needed / more));
      double resident = second.residentKib - first.residentKib;
      out.add(new Figure("server_rss_before_gc_kib_per_connection", resident / more));
      double cpu = second.microsPerSecond - first.microsPerSecond;
      out.add(new Figure("server_cpu_us_per_second_per_connection", cpu / more));
    }
    return out;
  }

  /**
   * What the server takes while its members say nothing.
   *
   * @param neededKib resident after a garbage collection, where there is garbage
   */
  private record Still(double residentKib, double neededKib, double microsPerSecond) {}

  private Still still(Crowd crowd, int from, int to) throws InterruptedException {
    if (!opened(loop.call(() -> crowd.open(from, to)))) {
      return new Still(0, 0, 0);
    }
    watchIdle("settling", to, options.timing().warmupSeconds());
    Moment before = meter.now();
    watchIdle("measured", to, options.timing().measuredSeconds());
    Moment after = meter.now();
    double micros = after.serverMicros() - before.serverMicros();
    double resident = server.residentKib();
    server.collectGarbage();
    return new Still(resident, server.residentKib(), micros / Meter.seconds(before, after));
  }

  private void watchIdle(String phase, int connections, int seconds) throws InterruptedException {
    for (int i = 1; i <= seconds; i++) {
      TimeUnit.SECONDS.sleep(1);
      progress.printf(
          Locale.ROOT,
          "%-9s %3d s  %,d connections, server %,d KiB%n",
          phase,
          i,
          connections,
          server.residentKib());
    }
  }

  private LoadReport report(List<Figure> figures) {
    LoadOptions.Shape shape = options.shape();
    String title =
        String.format(
            Locale.ROOT,
            "%s, %s: %d rooms x %d members, %d in flight, %d bytes, %d + %d s, over %s",
            options.scenario().name().toLowerCase(Locale.ROOT),
            options.protocol().name().toLowerCase(Locale.ROOT),
            shape.rooms(),
            shape.members(),
            shape.inflight(),
            shape.payloadBytes(),
            options.timing().warmupSeconds(),
            options.timing().measuredSeconds(),
            loop.transport());
    return new LoadReport(title, figures, loop.call(tally::faults));
  }
}
