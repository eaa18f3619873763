package io.roomcast.faults;

import io.roomcast.load.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a run found, for people and programs. */
record Outcome(
    String id,
    String title,
    boolean full,
    long seed,
    double seconds,
    String load,
    int faults,
    Verdict verdict,
    Map<String, Double> figures,
    List<String> timeline,
    List<String> failures) {

  String replay() {
    return "bench/faults --only %s --seed %d%s".formatted(id, seed, full ? "" : " --short");
  }

  /** One JSON object. */
  String json(String commit) {
    StringBuilder out = new StringBuilder("{\n");
    field(out, "id", quoted(id));
    field(out, "title", quoted(title));
    field(out, "commit", quoted(commit));
    field(out, "form", quoted(full ? "full" : "short"));
    field(out, "seed", Long.toString(seed));
    field(out, "replay", quoted(replay()));
    field(out, "seconds", number(seconds));
    field(out, "load", quoted(load));
    field(out, "faults", Integer.toString(faults));
    field(out, "published", Long.toString(verdict.published()));
    field(out, "delivered", Long.toString(verdict.delivered()));
    field(out, "gaps", Long.toString(verdict.gaps()));
    field(out, "holes_signalled", Long.toString(verdict.signalled()));
    field(out, "holes_in_rooms_with_a_log", Long.toString(verdict.unkept()));
    field(out, "holes_unsignalled", Long.toString(verdict.unsignalled()));
    field(out, "duplicates", Long.toString(verdict.duplicates()));
    field(out, "inversions", Long.toString(verdict.inversions()));
    field(out, "corrupt", Long.toString(verdict.corrupt()));
    new TreeMap<>(figures).forEach((name, value) -> field(out, name, number(value)));
    field(out, "timeline", list(timeline));
    out.append("  \"failures\": ").append(list(failures)).append("\n}\n");
    return out.toString();
  }

  private static void field(StringBuilder out, String name, String value) {
    out.append("  ").append(quoted(name)).append(": ").append(value).append(",\n");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String list(List<String> texts) {
    if (texts.isEmpty()) {
      return "[]";
    }
    return "[\n    "
        + String.join(",\n    ", texts.stream().map(Outcome::quoted).toList())
        + "\n  ]";
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c != '"' && c != '\\';
      out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return out.append('"').toString();
  }

  /** A row of the table in FAULTS.md. */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.0f | %s | %d | %s | %,d | %,d | %,d | %,d | %d | %d | %d | %s |",
        id,
        title,
        full ? "full" : "short",
        seconds,
        load,
        faults,
        times(),
        verdict.published(),
        verdict.delivered(),
        verdict.signalled(),
        verdict.unkept(),
        verdict.unsignalled(),
        verdict.duplicates(),
        verdict.inversions(),
        failures.isEmpty() ? "yes" : "**no**");
  }

  /** How long things took, at most. */
  private String times() {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(figures)
        .forEach(
            (name, value) -> {
              if (name.endsWith("_ms") && !name.equals("first_messages_ms")) {
                String what = name.substring(0, name.length() - 3).replace('_', ' ');
                String shown = String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
                out.append(out.isEmpty() ? "" : "; ").append(what).append(' ').append(shown);
              }
            });
    return out.toString();
  }
}
