import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** RESULTS.md. */
final class Report {
  private final Settings settings;
  private final Site site;
  private final List<Contestant> contestants;
  private final Results results;
  private final StringBuilder out = new StringBuilder();

  Report(Settings settings, Site site, List<Contestant> contestants, Results results) {
    this.settings = settings;
    this.site = site;
    this.contestants = contestants;
    this.results = results;
  }

  void write() throws IOException, InterruptedException {
    // Before anything is written: the state of the working tree is to be that of the run.
    head();
    summary();
    for (Workload workload : settings.workloads()) {
      if (workload.idle()) {
        idle(workload);
      } else {
        detail(workload);
      }
    }
    starts();
    faults();
    Files.createDirectories(settings.out());
    Path svg = settings.out().resolve("results.svg");
    Files.writeString(svg, new Chart(settings.workloads(), contestants, results).svg());
    Path text = settings.out().resolve("RESULTS.md");
    Files.writeString(text, out);
    System.out.println("written: " + text + " and " + svg);
  }

  private void head() throws IOException, InterruptedException {
    out.append("# Results\n\nMade by `bench/compare`; [bench/README.md](README.md) says how.\n\n");
    out.append("![Deliveries a second](results.svg)\n\n");
    row("what", "");
    row("---", "---");
    row("date", LocalDate.now().toString());
    row("machine", machine());
    row("kernel", site.ask("uname", "-sr") + ", meltdown: " + file("/sys/devices/system/cpu/vulnerabilities/meltdown"));
    row("congestion control", file("/proc/sys/net/ipv4/tcp_congestion_control"));
    row("Roomcast", site.ask("git", "-C", site.root.toString(), "describe", "--always", "--dirty"));
    row("Java", Runtime.version().toString());
    row("Node", site.ask("node", "--version"));
    row("nginx", site.ask("nginx", "-v"));
    row("nchan", site.ask("dpkg-query", "-f", "${Version}", "-W", "libnginx-mod-nchan"));
    row("Redis", site.redisVersion());
    row("Node peer", "ws " + pinned("node", "ws") + ", redis " + pinned("node", "redis"));
    row(
        "Socket.IO peer",
        "socket.io " + pinned("socketio", "socket.io")
            + ", adapter " + pinned("socketio", "@socket.io/redis-adapter"));
    row("Spring peer", "Spring Boot " + springVersion());
    row("rounds", settings.rounds() + ", order rotating, medians; idle members once");
    if (!settings.quick()) {
      row("before the first round", "each server has many small rooms for " + settings.warming() + " s");
    }
    row(
        "a measurement",
        settings.warmup() + " s of warm-up, then " + settings.seconds() + " s; 128-byte messages");
    row("server", "pinned to processor 0; the load to processor 1");
    row("Redis runs on", Runtime.getRuntime().availableProcessors() > 2 ? "processor 2" : "processor 1");
    site.missing.forEach((key, why) -> row(key, why));
    row("uWebSockets.js", "left out: it is not in the npm registry");
    out.append('\n');
  }

  private static String machine() throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(l -> l.startsWith("model name"))
            .map(l -> l.substring(l.indexOf(':') + 2))
            .findFirst()
            .orElse("unknown");
    String memory = Files.readAllLines(Path.of("/proc/meminfo")).getFirst();
    long gib = Math.round(Long.parseLong(memory.replaceAll("\\D", "")) / 1048576.0);
    return model + ", " + Runtime.getRuntime().availableProcessors() + " processors, " + gib + " GiB";
  }

  private static String file(String path) {
    try {
      return Files.readString(Path.of(path)).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private String pinned(String peer, String name) throws IOException {
    String text = Files.readString(site.root.resolve("bench/peers/" + peer + "/package.json"));
    return text.replaceAll("(?s).*\"" + name + "\": \"([^\"]+)\".*", "$1");
  }

  private String springVersion() throws IOException {
    String text = Files.readString(site.root.resolve("bench/peers/spring/pom.xml"));
    return text.replaceAll("(?s).*?<parent>.*?<version>([^<]+)<.*", "$1");
  }

  /** Thousands a second and, in brackets, CPU microseconds of the server each. */
  private void summary() {
    out.append("Thousands a second, in brackets CPU microseconds of the server each:\n\n");
    List<Workload> busy =
        settings.workloads().stream().filter(w -> !w.idle() && !w.openLoop()).toList();
    out.append("| server |");
    busy.forEach(w -> out.append(' ').append(w.title()).append(" |"));
    out.append("\n|---|");
    busy.forEach(w -> out.append("---|"));
    out.append('\n');
    for (Contestant c : contestants) {
      out.append("| ").append(c.title()).append(" |");
      for (Workload w : busy) {
        OptionalDouble each = results.median(w, c.key(), w.perSecond());
        OptionalDouble cpu = results.median(w, c.key(), w.cpuMicros());
        String cell = each.isEmpty() ? "" : number(each, 1e-3) + " (" + number(cpu, 1) + ")";
        out.append(' ').append(cell).append(" |");
      }
      out.append('\n');
    }
    out.append('\n');
  }

  private void detail(Workload workload) {
    out.append("## ").append(workload.title()).append("\n\n`roomcast bench ");
    out.append(String.join(" ", workload.arguments())).append("`\n\n");
    row("server", "thousands/s", "× floor", "CPU µs each", "× floor", "p50 ms", "p99 ms",
        "p99.9 ms", "load CPU %");
    row("---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
    String floor = Contestant.FLOOR;
    for (Contestant c : contestants) {
      if (c.takes(workload)) {
        row(
            c.title(),
            number(results.median(workload, c.key(), workload.perSecond()), 1e-3),
            number(results.ratio(workload, c.key(), floor, workload.perSecond()), 1),
            number(results.median(workload, c.key(), workload.cpuMicros()), 1),
            number(results.ratio(workload, c.key(), floor, workload.cpuMicros()), 1),
            number(results.median(workload, c.key(), "latency_p50_us"), 1e-3),
            number(results.median(workload, c.key(), "latency_p99_us"), 1e-3),
            number(results.median(workload, c.key(), "latency_p999_us"), 1e-3),
            number(results.median(workload, c.key(), "tool_cpu_percent"), 1));
      }
    }
    out.append('\n');
  }

  private void idle(Workload workload) {
    out.append("## ").append(workload.title()).append("\n\n");
    out.append("By the slope between 2,000 and 10,000 connections; without the kernel's part.\n\n");
    row("server", "resident KiB each", "the same before a garbage collection", "CPU µs/s each");
    row("---", "---:", "---:", "---:");
    for (Contestant c : contestants) {
      row(
          c.title(),
          number(results.median(workload, c.key(), "server_rss_kib_per_connection"), 1),
          number(results.median(workload, c.key(), "server_rss_before_gc_kib_per_connection"), 1),
          number(results.median(workload, c.key(), workload.cpuMicros()), 1));
    }
    out.append('\n');
  }

  private void starts() {
    out.append("## Start to listening\n\n");
    row("server", "seconds");
    row("---", "---:");
    for (Contestant c : contestants) {
      row(c.title(), number(results.startMillis(c), 1e-3));
    }
    out.append('\n');
  }

  private void faults() {
    out.append("## Faults\n\n");
    if (results.faults.isEmpty()) {
      out.append("None: every message came once and in order, at every server.\n");
    }
    results.faults.forEach(fault -> out.append("- ").append(fault).append('\n'));
  }

  private void row(String... cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String number(OptionalDouble value, double factor) {
    if (value.isEmpty()) {
      return "";
    }
    double v = value.getAsDouble() * factor;
    return String.format(Locale.ROOT, v < 10 ? "%.2f" : v < 100 ? "%.1f" : "%,.0f", v);
  }
}
