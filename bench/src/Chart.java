import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Bars of deliveries a second, a panel for each workload, as SVG. */
final class Chart {
  private static final int LEFT = 250;
  private static final int WIDTH = 760;
  private static final int BAR = 20;
  private static final int STEP = 26;
  private static final int BARS = WIDTH - LEFT - 110;

  private final List<Workload> workloads;
  private final List<Contestant> contestants;
  private final Results results;
  private final StringBuilder out = new StringBuilder();
  private int y = 16;

  Chart(List<Workload> workloads, List<Contestant> contestants, Results results) {
    this.workloads = workloads.stream().filter(w -> !w.openLoop()).toList();
    this.contestants = contestants;
    this.results = results;
  }

  String svg() {
    workloads.forEach(this::panel);
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d"
                + " %d\" font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\">%n"
                + "<title>Roomcast beside the floor and its peers</title>%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
            WIDTH, y, WIDTH, y)
        + out
        + "</svg>\n";
  }

  private void panel(Workload workload) {
    double most =
        contestants.stream()
            .mapToDouble(c -> value(workload, c).orElse(0))
            .max()
            .orElse(0);
    String unit = workload.idle() ? "KiB resident each, less is better" : "thousands a second";
    y += 14;
    text(8, y, "#111111", "bold", workload.title() + " — " + unit);
    y += 12;
    for (Contestant contestant : contestants) {
      OptionalDouble value = value(workload, contestant);
      if (value.isPresent() && most > 0) {
        bar(contestant, value.getAsDouble(), most);
      }
    }
    y += 18;
  }

  private OptionalDouble value(Workload workload, Contestant contestant) {
    if (!workload.idle()) {
      OptionalDouble each = results.median(workload, contestant.key(), workload.perSecond());
      return each.isPresent() ? OptionalDouble.of(each.getAsDouble() / 1000) : each;
    }
    return contestant.key().startsWith("floor")
        ? OptionalDouble.empty()
        : results.median(workload, contestant.key(), "server_rss_kib_per_connection");
  }

  private void bar(Contestant contestant, double value, double most) {
    boolean ours = contestant.key().equals(Contestant.OURS);
    String fill = ours ? "#d9480f" : contestant.peer() ? "#4c78a8" : "#b8bcc2";
    double width = Math.max(1, value / most * BARS);
    out.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
            LEFT, y, width, BAR, fill));
    String title = contestant.title().replaceAll("[*`]", "");
    text(8, y + 15, "#333333", ours ? "bold" : "normal", title);
    String number = String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    text((int) (LEFT + width + 8), y + 15, "#333333", ours ? "bold" : "normal", number);
    y += STEP;
  }

  private void text(int x, int at, String fill, String weight, String text) {
    out.append(
        String.format(
            "<text x=\"%d\" y=\"%d\" fill=\"%s\" font-weight=\"%s\">%s</text>%n",
            x, at, fill, weight, text.replace("&", "&amp;").replace("<", "&lt;")));
  }
}
