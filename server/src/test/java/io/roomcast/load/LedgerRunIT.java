package io.roomcast.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The ledger's clients against a server that does right, and against some that do not. */
final class LedgerRunIT {
  private static LoadReport run(UnaryOperator<List<String>> wrong) throws Exception {
    try (FakeServer server = new FakeServer(4, wrong)) {
      LedgerOptions options = LedgerOptions.of(List.of(server.url()), 1, 3, 2, 200, 1);
      PrintStream silent =
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      return LedgerRun.run(options, 1, silent);
    }
  }

  private static double figure(LoadReport report, String name) {
    return report.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /** The server keeps up to three messages back at the end. */
  private static double mostKeptBack() {
    return 3 * 3;
  }

  @Test
  void findsNothingInAServerThatDoesRight() throws Exception {
    LoadReport report = run(UnaryOperator.identity());

    assertThat(figure(report, "deliveries_per_second")).isGreaterThan(300);
    assertThat(figure(report, "published")).isGreaterThan(100);
    assertThat(figure(report, "holes_unsignalled")).isLessThanOrEqualTo(mostKeptBack());
    assertThat(figure(report, "duplicates")).isZero();
    assertThat(figure(report, "inversions")).isZero();
    assertThat(figure(report, "corrupt")).isZero();
  }

  @Test
  void findsWhatIsLostInSilence() throws Exception {
    LoadReport report = run(in -> in.subList(0, 3));

    assertThat(figure(report, "holes_unsignalled")).isGreaterThan(100);
    assertThat(figure(report, "holes_signalled")).isZero();
    assertThat(report.faults()).anyMatch(text -> text.contains("is missing"));
  }

  @Test
  void findsWhatComesTwice() throws Exception {
    LoadReport report = run(in -> List.of(in.get(0), in.get(1), in.get(2), in.get(3), in.get(2)));

    assertThat(figure(report, "duplicates")).isGreaterThan(100);
  }

  @Test
  void findsWhatComesInAnotherOrder() throws Exception {
    assertThat(figure(run(List::reversed), "inversions")).isGreaterThan(100);
  }

  @Test
  void findsWhatWasChanged() throws Exception {
    LoadReport report =
        run(in -> in.stream().map(text -> text.replaceFirst("z\"", "y\"")).toList());

    assertThat(figure(report, "corrupt")).isGreaterThan(300);
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    LedgerOptions options;
    try (FakeServer server = new FakeServer(1, UnaryOperator.identity())) {
      options = LedgerOptions.of(List.of(server.url()), 1, 1, 1, 1, 1);
    }
    try (LedgerLoad load = LedgerLoad.open(options)) {
      assertThat(load.awaitJoined(Duration.ofMillis(300))).isEmpty();
      assertThat(load.lastTrouble()).contains("refused");
    }
  }
}
