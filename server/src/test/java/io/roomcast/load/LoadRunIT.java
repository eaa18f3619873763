package io.roomcast.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.load.LoadReport.Figure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The load tool against a server that does right, and against some that do not. */
class LoadRunIT {
  private final PrintStream silent =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  @ParameterizedTest
  @EnumSource(
      value = Scenario.class,
      names = {"IDLE", "NODES"},
      mode = Mode.EXCLUDE)
  void findsNoFaultInAServerThatDoesRight(Scenario scenario) throws Exception {
    LoadReport report = run(scenario, Protocol.ROOMCAST, 1, UnaryOperator.identity());

    assertThat(report.faults()).isEmpty();
    assertThat(report.figures().getFirst().value()).isPositive();
  }

  @Test
  void waitsForAPongWhereJoinsAreNotAnswered() throws Exception {
    LoadReport report = run(Scenario.FANOUT, Protocol.BARE, 1, UnaryOperator.identity());

    assertThat(report.faults()).isEmpty();
    assertThat(figure(report, "deliveries_per_second")).isPositive();
  }

  @Test
  void readsFramesThatComeJoined() throws Exception {
    LoadReport report = run(Scenario.FANOUT, Protocol.ROOMCAST, 4, UnaryOperator.identity());

    assertThat(report.faults()).isEmpty();
  }

  @Test
  void reportsWhatIsLost() throws Exception {
    LoadReport report = run(Scenario.FANOUT, Protocol.ROOMCAST, 4, in -> in.subList(1, 4));

    assertThat(report.faults()).singleElement().asString().contains("lost");
  }

  @Test
  void reportsWhatIsDoubled() throws Exception {
    LoadReport report = run(Scenario.FANOUT, Protocol.ROOMCAST, 4, LoadRunIT::doubled);

    assertThat(report.faults()).singleElement().asString().contains("doubled");
  }

  @Test
  void reportsWhatIsOutOfOrder() throws Exception {
    LoadReport report = run(Scenario.FANOUT, Protocol.ROOMCAST, 4, List::reversed);

    assertThat(report.faults()).singleElement().asString().contains("out of order");
  }

  @Test
  void reportsThatNobodyListens() throws Exception {
    LoadOptions options;
    try (FakeServer server = new FakeServer(1, UnaryOperator.identity())) {
      options = options(Scenario.FANOUT, Protocol.ROOMCAST, server);
    }

    LoadReport report = LoadRun.run(options, silent);

    assertThat(report.faultless()).isFalse();
    assertThat(report.faults().getFirst()).contains("broken");
  }

  @Test
  void keepsIdleMembersConnected() throws Exception {
    LoadReport report = run(Scenario.IDLE, Protocol.ROOMCAST, 1, UnaryOperator.identity());

    assertThat(report.faults()).isEmpty();
    assertThat(figure(report, "connections")).isEqualTo(10);
    assertThat(figure(report, "server_rss_kib")).isPositive();
  }

  private LoadReport run(
      Scenario scenario, Protocol protocol, int together, UnaryOperator<List<String>> wrong)
      throws IOException, InterruptedException {
    try (FakeServer server = new FakeServer(together, wrong)) {
      return LoadRun.run(options(scenario, protocol, server), silent);
    }
  }

  private static LoadOptions options(Scenario scenario, Protocol protocol, FakeServer server) {
    int rooms = scenario == Scenario.FANOUT ? 1 : 2;
    return new LoadOptions(
        scenario,
        protocol,
        List.of(server.url()),
        new LoadOptions.Shape(rooms, 10 / rooms, 2, 4, 128, 2_000),
        new LoadOptions.Timing(0, 1),
        List.of(ProcessHandle.current().pid()));
  }

  private static List<String> doubled(List<String> in) {
    List<String> out = new ArrayList<>(in);
    out.add(in.getLast());
    return out;
  }

  private static double figure(LoadReport report, String name) {
    return report.figures().stream()
        .filter(f -> f.name().equals(name))
        .mapToDouble(Figure::value)
        .findFirst()
        .orElse(-1);
  }
}
