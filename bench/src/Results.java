import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All figures of all rounds. */
final class Results {
  private static final Pattern FIGURE = Pattern.compile("\"(\\w+)\": (-?[0-9.]+)");
  private static final Pattern FAULTS = Pattern.compile("\"faults\": \\[(.+)]");

  private record Cell(String workload, String contestant) {}

  private final Map<Cell, List<Map<String, Double>>> figures = new HashMap<>();
  private final Map<String, List<Long>> starts = new HashMap<>();

  /** What went wrong, a line each. */
  final Set<String> faults = new LinkedHashSet<>();

  /** Takes what {@code roomcast bench --json} wrote. */
  void add(int round, Workload workload, Contestant contestant, String json) {
    Map<String, Double> found = new HashMap<>();
    Matcher figure = FIGURE.matcher(json);
    while (figure.find()) {
      found.put(figure.group(1), Double.valueOf(figure.group(2)));
    }
    Cell cell = new Cell(workload.key(), contestant.key());
    List<Map<String, Double>> rounds = figures.computeIfAbsent(cell, c -> new ArrayList<>());
    while (rounds.size() <= round) {
      rounds.add(Map.of());
    }
    rounds.set(round, found);
    Matcher fault = FAULTS.matcher(json);
    if (fault.find()) {
      fault(workload, contestant, fault.group(1));
    }
  }

  void fault(Workload workload, Contestant contestant, String text) {
    faults.add(contestant.title() + ", " + workload.title() + ": " + text);
  }

  void addStart(Contestant contestant, long millis) {
    starts.computeIfAbsent(contestant.key(), c -> new ArrayList<>()).add(millis);
  }

  OptionalDouble startMillis(Contestant contestant) {
    return median(
        starts.getOrDefault(contestant.key(), List.of()).stream().map(Long::doubleValue).toList());
  }

  /** The median over the rounds; empty when there is none. */
  OptionalDouble median(Workload workload, String contestant, String name) {
    List<Double> values = new ArrayList<>();
    for (Map<String, Double> round : rounds(workload, contestant)) {
      if (round.containsKey(name)) {
        values.add(round.get(name));
      }
    }
    return median(values);
  }

  /** The median of the ratios to another contestant in the same round. */
  OptionalDouble ratio(Workload workload, String contestant, String to, String name) {
    List<Map<String, Double>> ours = rounds(workload, contestant);
    List<Map<String, Double>> theirs = rounds(workload, to);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      Double one = ours.get(i).get(name);
      Double other = theirs.get(i).get(name);
      if (one != null && other != null && other > 0) {
        ratios.add(one / other);
      }
    }
    return median(ratios);
  }

  private List<Map<String, Double>> rounds(Workload workload, String contestant) {
    return figures.getOrDefault(new Cell(workload.key(), contestant), List.of());
  }

  private static OptionalDouble median(List<Double> values) {
    if (values.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    boolean odd = sorted.size() % 2 == 1;
    return OptionalDouble.of(
        odd ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2);
  }
}
