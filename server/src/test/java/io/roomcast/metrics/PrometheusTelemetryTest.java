package io.roomcast.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.memory.MemoryBroker;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.room.Authenticator;
import io.roomcast.room.DropReason;
import io.roomcast.room.Limits;
import io.roomcast.room.Node;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PrometheusTelemetryTest {
  private final PrometheusTelemetry telemetry = new PrometheusTelemetry();

  /** Every sample by its name and labels; fails on a line that is neither sample nor comment. */
  private static Map<String, Double> samples(PrometheusTelemetry of) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    of.write(out);
    Map<String, Double> samples = new TreeMap<>();
    for (String line : out.toString(UTF_8).lines().toList()) {
      if (!line.startsWith("# ")) {
        assertThat(line)
            .matches("[a-z_]+(\\{([a-z_]+=\"[^\"]*\",?)+})? [0-9.E+-]+|jvm_.*|process_.*");
        int space = line.lastIndexOf(' ');
        String name = line.substring(0, space);
        assertThat(samples.put(name, Double.valueOf(line.substring(space + 1)))).isNull();
      }
    }
    return samples;
  }

  private static Node node(PrometheusTelemetry telemetry) {
    Node node =
        new Node(
            "n",
            new MemoryBroker(Rulebook.EMPTY, Time.SYSTEM),
            Authenticator.OPEN,
            Limits.DEFAULT,
            Rulebook.EMPTY,
            telemetry,
            Time.SYSTEM);
    telemetry.observe(node, "nio");
    return node;
  }

  @Test
  void whatIsKnownBeforehandIsThereFromTheStart() throws Exception {
    Map<String, Double> samples = samples(telemetry);
    for (DropReason reason : DropReason.values()) {
      assertThat(samples)
          .containsEntry("roomcast_dropped_total{reason=\"" + reason.label() + "\"}", 0.0);
    }
    for (ErrorCode error : ErrorCode.values()) {
      assertThat(samples)
          .containsEntry("roomcast_errors_total{error=\"" + error.word() + "\"}", 0.0);
    }
    for (CloseCode code : CloseCode.values()) {
      assertThat(samples).containsEntry("roomcast_closes_total{code=\"" + code.code() + "\"}", 0.0);
    }
    assertThat(samples)
        .containsEntry("roomcast_closes_total{code=\"other\"}", 0.0)
        .containsEntry("roomcast_connections_opened_total", 0.0)
        .containsEntry("roomcast_messages_received_total", 0.0)
        .containsEntry("roomcast_deliveries_total", 0.0)
        .containsKey("jvm_threads_current");
  }

  @Test
  void whatHappensIsCounted() throws Exception {
    telemetry.opened();
    telemetry.received();
    telemetry.received();
    telemetry.delivered(2000);
    telemetry.dropped(DropReason.SLOW_READER, 3);
    telemetry.refused(ErrorCode.MALFORMED);
    telemetry.closed(1006);
    telemetry.closed(1005);
    telemetry.closed(4002);
    assertThat(samples(telemetry))
        .containsEntry("roomcast_connections_opened_total", 1.0)
        .containsEntry("roomcast_messages_received_total", 2.0)
        .containsEntry("roomcast_deliveries_total", 2000.0)
        .containsEntry("roomcast_dropped_total{reason=\"slow_reader\"}", 3.0)
        .containsEntry("roomcast_errors_total{error=\"malformed\"}", 1.0)
        .containsEntry("roomcast_closes_total{code=\"1006\"}", 1.0)
        .containsEntry("roomcast_closes_total{code=\"1005\"}", 1.0)
        .containsEntry("roomcast_closes_total{code=\"4002\"}", 1.0);
  }

  @Test
  void clientsCannotMakeNewLabels() throws Exception {
    int before = samples(telemetry).size();
    for (int code = -1; code < 5000; code++) {
      telemetry.closed(code);
    }
    Map<String, Double> samples = samples(telemetry);
    assertThat(samples).hasSize(before);
    assertThat(samples.get("roomcast_closes_total{code=\"other\"}")).isGreaterThan(4900);
  }

  @Test
  void aNodeIsAskedWhenSomebodyLooks() throws Exception {
    Node node = node(telemetry);
    assertThat(samples(telemetry))
        .containsEntry("roomcast_broker_ready{broker=\"memory\"}", 0.0)
        .containsEntry("roomcast_connections", 0.0)
        .containsEntry("roomcast_rooms", 0.0)
        .containsEntry("roomcast_room_members", 0.0)
        .containsEntry(
            "roomcast_build_info{jdk=\""
                + System.getProperty("java.version")
                + "\",transport=\"nio\",version=\"development\"}",
            1.0);
    node.start();
    assertThat(samples(telemetry)).containsEntry("roomcast_broker_ready{broker=\"memory\"}", 1.0);
  }

  @Test
  void serversInOneJvmDoNotMeet() throws Exception {
    PrometheusTelemetry other = new PrometheusTelemetry();
    node(telemetry);
    node(other);
    telemetry.opened();
    assertThat(samples(telemetry)).containsEntry("roomcast_connections_opened_total", 1.0);
    assertThat(samples(other)).containsEntry("roomcast_connections_opened_total", 0.0);
  }
}
