package io.roomcast.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code bench/faults}: runs scenarios, writes a JSON file for each, and a table of them.
 *
 * <pre>
 *   FaultsMain ROOT COMMIT [--short] [--only F3,F5] [--seed N] [--out DIRECTORY]
 * </pre>
 */
final class FaultsMain {
  private static final String HEAD =
      """
      # Faults survived

      Written by `bench/faults`. Every message carries room, publisher, sequence and a checksum; every member writes down what it
      sees, and what was told; a ledger says at the end which messages are missing and whether the member was told so (by a `gap`, or
      by the end of its connection without recovery). Times are the longest of a run: from a fault to its first sign, and from its end to
      when every member had a message that was sent after it.

      The gate for every row: holes unsignalled 0, duplicates 0, inversions 0, and every step within its time. Where half of the rooms
      have a log, their members come back with their position and their publishers repeat with a key: there the gate is no holes at all,
      and that nobody is refused by a log that is still there. Only F22 takes the logs away, and gates instead that all are told.

      Latencies count from a message's first try: where publishers repeat, or a log brings what was missed, they have the outage in them.

      F16 has no messages: a watcher in each room on each node writes down whom it was told of. Its gate: `joined` and `left` of each user in turn
      for every watcher, and the same users told to all.

      F13 restarts one version of the server: there is no earlier one yet. In F20 only the nodes' clocks jump, not that of Redis.

      """;

  private static final String COLUMNS =
      """
      | run | fault | form | seconds | load held | faults | longest times (ms) | published | delivered | holes signalled | of them where there is a log | holes unsignalled | duplicates | inversions | passed |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
      """;

  private final String commit;
  private boolean full = true;
  private long seed = 1;
  private List<String> only = List.of();
  private Path out;
  private boolean elsewhere;

  private FaultsMain(Path root, String commit) {
    this.commit = commit;
    this.out = root.resolve("bench");
  }

  public static void main(String... arguments) throws Exception {
    FaultsMain main = new FaultsMain(Path.of(arguments[0]), arguments[1]);
    main.read(arguments);
    System.exit(main.run() ? 0 : 1);
  }

  private void read(String... arguments) {
    for (int i = 2; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--short" -> full = false;
        case "--seed" -> seed = Long.parseLong(arguments[++i]);
        case "--only" -> only = List.of(arguments[++i].toUpperCase(Locale.ROOT).split(",", -1));
        case "--out" -> {
          out = Path.of(arguments[++i]);
          elsewhere = true;
        }
        default -> {
          System.err.println(
              "bench/faults [--short] [--only F3,F5] [--seed N] [--out DIRECTORY]; not "
                  + arguments[i]);
          System.exit(2);
        }
      }
    }
  }

  private boolean run() throws IOException {
    boolean whole = full && only.isEmpty();
    // A part of the table would replace the whole.
    Path target = elsewhere ? out : out.resolve("target").resolve("faults");
    Path details = Files.createDirectories(target);
    Path directory = whole ? out : target;
    List<Outcome> outcomes = new ArrayList<>();
    for (Scenario scenario : Scenario.ALL) {
      if (only.isEmpty() || only.contains(scenario.id())) {
        System.out.println(scenario.id() + "  " + scenario.title());
        Outcome outcome = play(scenario, details);
        outcomes.add(outcome);
        Files.writeString(details.resolve(scenario.id() + ".json"), outcome.json(commit));
        write(directory.resolve("FAULTS.md"), outcomes);
      }
    }
    boolean well = !outcomes.isEmpty() && outcomes.stream().allMatch(o -> o.failures().isEmpty());
    System.out.println(
        (well ? "all passed: " : "NOT all passed: ") + directory.resolve("FAULTS.md"));
    return well;
  }

  private Outcome play(Scenario scenario, Path details) throws IOException {
    Path logs = details.resolve("logs").resolve(scenario.id());
    try (FaultRun run = new FaultRun(full, seed, logs, FaultsMain::show)) {
      try {
        scenario.play().run(run);
      } catch (Exception e) {
        run.require(false, "the run goes through: " + e);
      }
      return run.outcome(scenario.id(), scenario.title());
    }
  }

  private void write(Path table, List<Outcome> outcomes) throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    int processors = Runtime.getRuntime().availableProcessors();
    text.append(
        "At commit %s, on %d processors with Java %s; nodes, Redis and load on the same machine.%n%n"
            .formatted(commit, processors, Runtime.version().feature()));
    text.append(COLUMNS);
    outcomes.forEach(outcome -> text.append(outcome.row()).append('\n'));
    text.append("\nOne again: `bench/faults --only F3 --seed ").append(seed);
    text.append("`; its short form with `--short`.\n");
    Files.writeString(table, text.toString());
  }

  private static void show(String line) {
    System.out.println(line);
  }
}
