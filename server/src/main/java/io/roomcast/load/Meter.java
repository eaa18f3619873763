package io.roomcast.load;

import io.roomcast.load.LoadReport.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns counters and {@code /proc} into figures. Read from outside the loop's thread. */
final class Meter {
  private static final double MICRO = 1e-3;

  private final Loop loop;
  private final Tally tally;
  private final Processes server;
  private final Processes self = new Processes(List.of(ProcessHandle.current().pid()));

  /** The counters at one time. */
  record Moment(long nanos, Counts counts, long serverMicros, long ownMicros) {}

  record Counts(long deliveries, long publishes, long operations) {
    Counts minus(Counts other) {
      return new Counts(
          deliveries - other.deliveries,
          publishes - other.publishes,
          operations - other.operations);
    }
  }

  Meter(Loop loop, Tally tally, Processes server) {
    this.loop = loop;
    this.tally = tally;
    this.server = server;
  }

  Moment now() {
    Counts counts =
        loop.call(() -> new Counts(tally.deliveries, tally.publishes, tally.operations));
    return new Moment(System.nanoTime(), counts, server.cpuMicros(), self.cpuMicros());
  }

  /** What happened between the two, for a progress line. */
  String line(Moment from, Moment to) {
    double seconds = seconds(from, to);
    Counts done = to.counts.minus(from.counts);
    String what = done.operations > 0 ? "operations" : "deliveries";
    double each = (done.operations > 0 ? done.operations : done.deliveries) / seconds;
    String cpu =
        server.known() ? cpuText("server", from.serverMicros, to.serverMicros, seconds) : "";
    String own = cpuText("tool", from.ownMicros, to.ownMicros, seconds);
    return String.format(Locale.ROOT, "%,12.0f %s/s%s%s", each, what, cpu, own);
  }

  private static String cpuText(String name, long from, long to, double seconds) {
    return String.format(Locale.ROOT, "  %s CPU %3.0f %%", name, (to - from) / seconds / 1e4);
  }

  /** The figures of the time between the two. */
  List<Figure> figures(Moment from, Moment to) {
    List<Figure> out = new ArrayList<>();
    double seconds = seconds(from, to);
    Counts done = to.counts.minus(from.counts);
    double serverMicros = to.serverMicros - from.serverMicros;
    double ownMicros = to.ownMicros - from.ownMicros;
    if (done.operations > 0) {
      counted("operation", done.operations, seconds, serverMicros, ownMicros, out);
    } else {
      counted("delivery", done.deliveries, seconds, serverMicros, ownMicros, out);
      out.add(new Figure("publishes_per_second", done.publishes / seconds));
    }
    latencies("latency", tally.latency, out);
    if (tally.lateness.count() > 0) {
      latencies("send_lateness", tally.lateness, out);
    }
    if (server.known()) {
      out.add(new Figure("server_cpu_percent", serverMicros / seconds / 1e4));
      out.add(new Figure("server_rss_kib", server.residentKib()));
    }
    out.add(new Figure("tool_cpu_percent", ownMicros / seconds / 1e4));
    return out;
  }

  private void counted(
      String one, long count, double seconds, double server, double own, List<Figure> out) {
    String many = one.equals("delivery") ? "deliveries" : one + "s";
    out.add(new Figure(many + "_per_second", count / seconds));
    if (this.server.known()) {
      out.add(new Figure("server_cpu_us_per_" + one, server / Math.max(count, 1)));
    }
    out.add(new Figure("tool_cpu_us_per_" + one, own / Math.max(count, 1)));
  }

  private static void latencies(String name, Histogram histogram, List<Figure> out) {
    out.add(new Figure(name + "_p50_us", histogram.at(0.5) * MICRO));
    out.add(new Figure(name + "_p99_us", histogram.at(0.99) * MICRO));
    out.add(new Figure(name + "_p999_us", histogram.at(0.999) * MICRO));
    out.add(new Figure(name + "_max_us", histogram.max() * MICRO));
  }

  static double seconds(Moment from, Moment to) {
    return (to.nanos - from.nanos) * 1e-9;
  }
}
