package io.roomcast.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.load.LoadReport.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadReportTest {
  private final LoadReport report =
      new LoadReport(
          "a \"title\"", List.of(new Figure("deliveries_per_second", 1234.5)), List.of("1 lost"));

  @Test
  void isOneJsonObject() {
    assertThat(report.json())
        .isEqualTo(
            """
            {
              "title": "a \\u0022title\\u0022",
              "deliveries_per_second": 1234.500,
              "faults": ["1 lost"]
            }
            """);
  }

  @Test
  void isATableToRead() {
    assertThat(report.table())
        .contains("deliveries per second")
        .contains("1,234.50")
        .contains("FAULT: 1 lost");
    assertThat(report.faultless()).isFalse();
  }
}
