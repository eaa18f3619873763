import java.nio.file.Path;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param only keys of contestants, or none for all
 * @param under keys of workloads, or none for all
 * @param out where the report goes
 */
record Settings(
    Path root,
    int rounds,
    int warmup,
    int seconds,
    boolean quick,
    List<String> only,
    List<String> under,
    Path out) {

  private static final String USAGE =
      """
      usage: bench/compare [options]
        --quick              one round of few and short workloads
        --rounds N           how often everything is measured; default 3
        --warmup N           seconds before each measurement; default 5
        --seconds N          seconds of each measurement; default 5
        --only A,B           of: floor-send floor-uring floor-joined roomcast node socketio nchan spring
        --workloads A,B      of: fanout-1 fanout-8 fanout-5000 rooms many nodes rate-20k rate-50k
                                 churn joins idle
        --out DIR            where RESULTS.md and results.svg go; default bench, and bench/target
                             when not everything is measured
      """;

  static Settings parse(String[] args) {
    Path root = Path.of(args[0]);
    Settings out =
        new Settings(root, 3, 5, 5, false, List.of(), List.of(), root.resolve("bench"));
    for (int i = 1; i < args.length; i++) {
      if (args[i].equals("--quick")) {
        out = out.shortened();
      } else if (i + 1 < args.length) {
        out = out.with(args[i], args[++i]);
      } else {
        usage(args[i].equals("--help") ? 0 : 2);
      }
    }
    return out;
  }

  private static void usage(int status) {
    System.out.print(USAGE);
    System.exit(status);
  }

  private Settings shortened() {
    List<String> few = List.of("fanout-1", "fanout-8", "rooms", "many", "churn");
    return new Settings(root, 1, 3, 2, true, only, few, root.resolve("bench/target"));
  }

  private Settings with(String option, String value) {
    Path aside = root.resolve("bench/target");
    List<String> parts = List.of(value.split(","));
    return switch (option) {
      case "--rounds" ->
          new Settings(root, number(value), warmup, seconds, quick, only, under, out);
      case "--warmup" ->
          new Settings(root, rounds, number(value), seconds, quick, only, under, out);
      case "--seconds" ->
          new Settings(root, rounds, warmup, number(value), quick, only, under, out);
      case "--only" -> new Settings(root, rounds, warmup, seconds, quick, parts, under, aside);
      case "--workloads" -> new Settings(root, rounds, warmup, seconds, quick, only, parts, aside);
      case "--out" ->
          new Settings(root, rounds, warmup, seconds, quick, only, under, Path.of(value));
      default -> {
        usage(2);
        yield this;
      }
    };
  }

  private static int number(String value) {
    return Integer.parseInt(value);
  }

  List<Contestant> contestants() {
    return Contestant.all(root.toString()).stream()
        .filter(c -> only.isEmpty() || only.contains(c.key()))
        .toList();
  }

  List<Workload> workloads() {
    return Workload.all().stream()
        .filter(w -> under.isEmpty() || under.contains(w.key()))
        .toList();
  }

  /**
   * Clients that come and go run much more of the load tool's code, which takes longer to warm up;
   * idle members are watched for longer than the time between two keep-alives.
   */
  List<String> timing(Workload workload) {
    int before = workload.key().equals("churn") && !quick ? warmup * 2 : warmup;
    int counted = workload.idle() && !quick ? Math.max(seconds, 30) : seconds;
    return List.of("--warmup", "" + before, "--seconds", "" + counted);
  }

  /** Seconds of the load that is put on each server before the first round. */
  int warming() {
    return 4 * warmup;
  }

  /** A run that takes longer has failed. */
  int boundSeconds(Workload workload) {
    return 4 * (warmup + seconds) + 180;
  }
}
