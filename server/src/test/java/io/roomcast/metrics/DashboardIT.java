package io.roomcast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.testing.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The dashboard and the documents speak of metrics and labels that a running server has. */
final class DashboardIT {
  // Maven runs the tests of a module in its own folder.
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern METRIC = Pattern.compile("\\b(roomcast|jvm|process)_\\w+");
  private static final Pattern BY = Pattern.compile("by \\((\\w+)\\)");

  /** Added by Prometheus, to every sample. */
  private static final Set<String> TARGET_LABELS = Set.of("job", "instance");

  private static String metrics() throws IOException, InterruptedException {
    try (Roomcast server = Roomcast.builder().port(0).drain(Duration.ZERO).start();
        HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  /** Every sample's name and labels' names. */
  private static Map<String, Set<String>> samples(String metrics) {
    Map<String, Set<String>> samples = new java.util.TreeMap<>();
    for (String line : metrics.lines().filter(l -> !l.startsWith("#")).toList()) {
      String name = line.replaceFirst("[{ ].*", "");
      Set<String> labels = samples.computeIfAbsent(name, n -> new HashSet<>());
      Matcher label = Pattern.compile("(\\w+)=\"").matcher(line);
      while (label.find()) {
        labels.add(label.group(1));
      }
    }
    return samples;
  }

  private static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>();
    Object board = JsonTree.read(Files.readString(DOCS.resolve("grafana/roomcast.json")));
    collect(board, queries);
    return queries;
  }

  private static void collect(@Nullable Object value, List<String> queries) {
    if (value instanceof Map<?, ?> fields) {
      fields.forEach(
          (name, one) -> {
            if ((name.equals("expr") || name.equals("query")) && one instanceof String query) {
              queries.add(query);
            }
            collect(one, queries);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(one -> collect(one, queries));
    }
  }

  @Test
  void everyQueryAsksForWhatIsThere() throws Exception {
    Map<String, Set<String>> samples = samples(metrics());
    Set<String> asked = new TreeSet<>();
    for (String query : queries()) {
      Matcher metric = METRIC.matcher(query);
      while (metric.find()) {
        asked.add(metric.group());
        assertThat(samples).as(query).containsKey(metric.group());
        Set<String> labels = new HashSet<>(TARGET_LABELS);
        labels.addAll(Objects.requireNonNull(samples.get(metric.group())));
        Matcher by = BY.matcher(query);
        while (by.find()) {
          assertThat(labels).as(query).contains(by.group(1));
        }
      }
    }
    // All of ours are on the dashboard, so that none is forgotten there.
    Set<String> ours = new TreeSet<>(samples.keySet());
    ours.removeIf(name -> !name.startsWith("roomcast_"));
    asked.removeIf(name -> !name.startsWith("roomcast_"));
    assertThat(asked).isEqualTo(ours);
  }

  @Test
  void operationsListsEveryMetricWithItsLabels() throws Exception {
    Map<String, Set<String>> written = new java.util.TreeMap<>();
    for (String line : Files.readAllLines(DOCS.resolve("operations.md"))) {
      if (line.startsWith("| `roomcast_")) {
        List<String> cells = List.of(line.split(" *\\| *", -1));
        Set<String> labels = new HashSet<>(List.of(cells.get(2).replace("`", "").split(", ", -1)));
        labels.remove("");
        written.put(cells.get(1).replace("`", ""), labels);
      }
    }
    Map<String, Set<String>> ours = samples(metrics());
    ours.keySet().removeIf(name -> !name.startsWith("roomcast_"));
    assertThat(written).isEqualTo(ours);
  }
}
