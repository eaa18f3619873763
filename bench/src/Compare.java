import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures every contestant under every workload, in rounds whose order rotates: all servers are
 * up, one at a time is loaded, so that the machine's drift meets all alike. Idle memory is measured
 * on servers started for it alone.
 */
final class Compare {
  private static final int SERVER_CPU = 0;
  private static final int LOAD_CPU = 1;

  /** What a server is made warm with: many small rooms run all of its code the most often. */
  private static final String WARMING = "rooms";

  private final Settings settings;
  private final Site site;
  private final List<Contestant> contestants = new ArrayList<>();
  private final Results results = new Results();
  private final Map<String, List<Server>> servers = new HashMap<>();
  private String redis = "";

  private Compare(Settings settings) throws IOException {
    this.settings = settings;
    this.site = new Site(settings.root());
  }

  public static void main(String[] args) throws Exception {
    Settings settings = Settings.parse(args);
    if (Runtime.getRuntime().availableProcessors() < 2) {
      System.err.println("compare: two processors are needed, one for the server, one for the load");
      System.exit(1);
    }
    new Compare(settings).run();
    System.exit(0);
  }

  private void run() throws IOException, InterruptedException {
    List<Contestant> wanted = settings.contestants();
    site.prepare(wanted);
    wanted.stream().filter(c -> !site.missing.containsKey(c.key())).forEach(contestants::add);
    int redisCpu = Runtime.getRuntime().availableProcessors() > 2 ? 2 : LOAD_CPU;
    try (Server redisServer = site.startRedis(redisCpu)) {
      redis = "redis://127.0.0.1:" + redisServer.port;
      startAll();
      if (!settings.quick()) {
        warmAll();
      }
      List<Workload> workloads = settings.workloads();
      rounds(workloads.stream().filter(w -> !w.idle()).toList());
      stopAll();
      rounds(workloads.stream().filter(Workload::idle).toList());
    }
    new Report(settings, site, contestants, results).write();
  }

  private void startAll() throws IOException, InterruptedException {
    int nodes = settings.workloads().stream().mapToInt(Workload::nodes).max().orElse(1);
    for (Contestant contestant : List.copyOf(contestants)) {
      List<Server> started = new ArrayList<>();
      servers.put(contestant.key(), started);
      for (int i = 0; i < (contestant.shared() ? nodes : 1); i++) {
        started.add(start(contestant, i));
      }
    }
  }

  private Server start(Contestant contestant, int node) throws IOException, InterruptedException {
    Path log = site.target.resolve("logs/%s-%d.log".formatted(contestant.key(), node));
    Server server = Server.start(contestant.command(), SERVER_CPU, redis, log);
    results.addStart(contestant, server.startMillis);
    return server;
  }

  /**
   * Puts a load on each server that is not measured: what compiles itself while it runs does so for
   * half a minute, and a room of 1,000 members takes longer for that than many of ten.
   */
  private void warmAll() throws IOException, InterruptedException {
    Workload workload = Workload.of(WARMING);
    for (Contestant contestant : contestants) {
      System.out.println("warming " + contestant.title());
      for (Server server : servers.get(contestant.key())) {
        Path json = site.target.resolve("warm.json");
        List<String> timing = List.of("--warmup", "1", "--seconds", "" + settings.warming());
        bench(workload, contestant, List.of(server), timing, json);
      }
    }
  }

  private void stopAll() {
    servers.values().forEach(started -> started.forEach(Server::close));
    servers.clear();
  }

  private void rounds(List<Workload> workloads) throws IOException, InterruptedException {
    for (int round = 0; round < settings.rounds(); round++) {
      for (Workload workload : workloads) {
        if (workload.idle() && round > 0) {
          continue;
        }
        List<Contestant> order = new ArrayList<>(contestants);
        Collections.rotate(order, -round);
        for (Contestant contestant : order) {
          if (contestant.takes(workload)) {
            one(round, workload, contestant);
          }
        }
      }
    }
  }

  private void one(int round, Workload workload, Contestant contestant)
      throws IOException, InterruptedException {
    System.out.printf(
        "round %d/%d  %-40s %-40s ",
        round + 1, settings.rounds(), workload.title(), contestant.title());
    if (!workload.idle()) {
      load(round, workload, contestant, servers.get(contestant.key()));
      return;
    }
    try (Server server = start(contestant, 0)) {
      load(round, workload, contestant, List.of(server));
    }
  }

  private void load(int round, Workload workload, Contestant contestant, List<Server> started)
      throws IOException, InterruptedException {
    Path json = site.target.resolve("run.json");
    List<Server> loaded = started.subList(0, workload.nodes());
    boolean ended = bench(workload, contestant, loaded, settings.timing(workload), json);
    if (Files.exists(json)) {
      results.add(round, workload, contestant, Files.readString(json));
      System.out.println(shown(workload, contestant));
    } else {
      String text = ended ? "the load tool failed, see " + log() : "not done in time";
      results.fault(workload, contestant, text);
      System.out.println(text);
    }
  }

  private Path log() {
    return site.target.resolve("logs/load.log");
  }

  /** Runs the load tool; whether it ended in time. */
  private boolean bench(
      Workload workload,
      Contestant contestant,
      List<Server> loaded,
      List<String> timing,
      Path json)
      throws IOException, InterruptedException {
    Files.deleteIfExists(json);
    List<String> command = new ArrayList<>(List.of("taskset", "-c", "" + LOAD_CPU));
    command.addAll(List.of(site.root + "/roomcast", "bench"));
    command.addAll(workload.arguments());
    command.addAll(List.of("--protocol", contestant.protocol(), "--json", json.toString()));
    command.addAll(timing);
    for (Server server : loaded) {
      command.addAll(List.of("--url", "ws://127.0.0.1:" + server.port + contestant.path()));
      server.pids().forEach(pid -> command.addAll(List.of("--pid", Long.toString(pid))));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    boolean ended = process.waitFor(settings.boundSeconds(workload), TimeUnit.SECONDS);
    if (!ended) {
      process.destroy();
    }
    return ended;
  }

  private String shown(Workload workload, Contestant contestant) {
    if (workload.idle()) {
      String name = "server_rss_kib_per_connection";
      double kib = results.median(workload, contestant.key(), name).orElse(0);
      return String.format(Locale.ROOT, "%8.2f KiB", kib);
    }
    double each = results.median(workload, contestant.key(), workload.perSecond()).orElse(0);
    double cpu = results.median(workload, contestant.key(), workload.cpuMicros()).orElse(0);
    return String.format(Locale.ROOT, "%,12.0f /s %8.2f µs", each, cpu);
  }
}
