package io.roomcast.load;

import java.util.List;
import java.util.Locale;

/**
 * What a run gave.
 *
 * @param title the run in a few words
 * @param figures in the order to show them
 * @param faults what went wrong, a line each; empty when every message came once and in order
 */
public record LoadReport(String title, List<Figure> figures, List<String> faults) {
  /** Copies the lists. */
  public LoadReport {
    figures = List.copyOf(figures);
    faults = List.copyOf(faults);
  }

  /**
   * One result.
   *
   * @param name as a key: words joined by underscores, the unit last
   */
  public record Figure(String name, double value) {}

  /** Whether nothing was lost, doubled, out of order or refused. */
  public boolean faultless() {
    return faults.isEmpty();
  }

  /** The figures as lines to read. */
  public String table() {
    StringBuilder out = new StringBuilder(title).append('\n');
    for (Figure figure : figures) {
      String name = figure.name().replace('_', ' ');
      out.append(String.format(Locale.ROOT, "  %-34s %,16.2f%n", name, figure.value()));
    }
    if (faultless()) {
      out.append("  nothing lost, doubled or out of order\n");
    }
    for (String fault : faults) {
      out.append("  FAULT: ").append(fault).append('\n');
    }
    return out.toString();
  }

  /** The same as one flat JSON object. */
  public String json() {
    StringBuilder out = new StringBuilder("{\n  \"title\": ");
    quote(title, out);
    for (Figure figure : figures) {
      out.append(",\n  ");
      quote(figure.name(), out);
      out.append(": ").append(String.format(Locale.ROOT, "%.3f", figure.value()));
    }
    out.append(",\n  \"faults\": [");
    String comma = "";
    for (String fault : faults) {
      out.append(comma);
      quote(fault, out);
      comma = ", ";
    }
    return out.append("]\n}\n").toString();
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
