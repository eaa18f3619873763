package io.roomcast.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.room.Cost;
import io.roomcast.room.DropReason;
import io.roomcast.room.Hub;
import io.roomcast.room.Node;
import io.roomcast.room.Payer;
import io.roomcast.room.Quotas;
import io.roomcast.room.Telemetry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Counts for one server, and writes the counts out. Each has a registry of its own, so that servers
 * in one JVM do not meet; each also has the metrics of the JVM. No label has values that clients
 * choose, and all that can be known beforehand are there from the start, at 0.
 */
public final class PrometheusTelemetry implements Telemetry {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final AtomicBoolean jvmObserved = new AtomicBoolean();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  private final LongAdder opened = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final CloseCodes closes = new CloseCodes();
  private final Counts<DropReason> dropped = new Counts<>(DropReason.class);
  private final Counts<ErrorCode> refused = new Counts<>(ErrorCode.class);

  /** Makes one with nothing counted. */
  public PrometheusTelemetry() {
    counter("roomcast_connections_opened_total", "Sessions that began.", opened::sum);
    counter("roomcast_messages_received_total", "Messages taken for publishing.", received::sum);
    counter(
        "roomcast_deliveries_total",
        "Events written to members: events times receivers.",
        delivered::sum);
    labelled(
        "roomcast_closes_total",
        "Sessions that ended, by close code; 1006 is an end without one.",
        "code",
        to -> closes.forEach(to::call));
    labelled(
        "roomcast_dropped_total",
        "Events that were not passed on.",
        "reason",
        to -> dropped.forEach(DropReason::label, to::call));
    labelled(
        "roomcast_errors_total",
        "Commands and requests that were refused.",
        "error",
        to -> refused.forEach(ErrorCode::word, to::call));
  }

  /**
   * Adds what is asked of a node whenever somebody looks. Called once.
   *
   * @param transport what carries the sockets, such as {@code "epoll"}
   */
  public void observe(Node node, String transport) {
    Hub hub = node.hub();
    gauge("roomcast_connections", "Sessions on this node.", hub, Hub.Size::sessions);
    gauge("roomcast_rooms", "Rooms with members on this node.", hub, Hub.Size::rooms);
    gauge("roomcast_room_members", "Members of all rooms on this node.", hub, Hub.Size::members);
    observePresence(node);
    observeLimits(node.quotas());
    GaugeWithCallback.builder()
        .name("roomcast_broker_ready")
        .help("Whether a message published now would be expected to arrive, 0 or 1.")
        .labelNames("broker")
        .callback(to -> to.call(node.health().ready() ? 1 : 0, node.health().name()))
        .register(registry);
    gauge(
        "roomcast_queue_bytes",
        "Events that wait to be written to members, in bytes.",
        () -> (double) hub.work().queuedBytes());
    labelled(
        "roomcast_recoveries_total",
        "Joins that asked for what they had missed, and whether they got exactly that.",
        "recovered",
        to -> {
          to.call((double) hub.work().recovered(), "true");
          to.call((double) hub.work().notRecovered(), "false");
        });
    gauge(
        "roomcast_broker_lag_seconds",
        "How long the last message to itself took by way of the broker; NaN when that is not known.",
        () -> {
          long lag = node.health().lagMillis();
          return lag < 0 ? Double.NaN : lag / 1000.0;
        });
    CounterWithCallback.builder()
        .name("roomcast_broker_probes_lost_total")
        .help("Messages to itself that did not come back by way of the broker.")
        .callback(to -> to.call((double) node.health().lost()))
        .register(registry);
    Info build =
        Info.builder()
            .name("roomcast_build_info")
            .help("What is running; always 1.")
            .labelNames("version", "transport", "jdk")
            .register(registry);
    build.setLabelValues(version(), transport, System.getProperty("java.version", "unknown"));
  }

  private void observeLimits(Quotas quotas) {
    CounterWithCallback.builder()
        .name("roomcast_limited_total")
        .help("What was refused since a limit stood in the way.")
        .labelNames("scope", "limit")
        .callback(
            to -> {
              for (Payer payer : Payer.values()) {
                for (Cost cost : Cost.values()) {
                  to.call((double) quotas.denials().of(payer, cost), payer.label(), cost.label());
                }
              }
            })
        .register(registry);
    gauge(
        "roomcast_limits_remembered",
        "Users, addresses and senders whose use of limits is remembered.",
        () -> (double) quotas.remembered());
  }

  private void observePresence(Node node) {
    GaugeWithCallback.builder()
        .name("roomcast_presence_users")
        .help("Users who are in a room with presence by this node, once for each room.")
        .callback(to -> to.call(node.attendance().counts().users()))
        .register(registry);
    labelled(
        "roomcast_presence_events_total",
        "Users who came or went in rooms with members on this node.",
        "event",
        to -> {
          to.call((double) node.attendance().counts().joined(), "joined");
          to.call((double) node.attendance().counts().left(), "left");
        });
    CounterWithCallback.builder()
        .name("roomcast_presence_failures_total")
        .help("Statements who is here that the broker did not take; they are made again.")
        .callback(to -> to.call((double) node.attendance().counts().failed()))
        .register(registry);
  }

  /**
   * Adds counts that somebody else keeps.
   *
   * @param counts by the label's values, all of them
   */
  public void counters(
      String name, String help, String label, Map<String, ? extends Number> counts) {
    labelled(name, help, label, to -> counts.forEach((word, n) -> to.call(n.doubleValue(), word)));
  }

  /** Adds a count that somebody else keeps. */
  public void counter(String name, String help, LongSupplier count) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(to -> to.call((double) count.getAsLong()))
        .register(registry);
  }

  /** Adds a number that somebody else knows. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(to -> to.call(value.getAsDouble()))
        .register(registry);
  }

  /**
   * Adds what is asked of the event loops and their memory whenever somebody looks. Called once.
   *
   * @param lagSeconds how late the latest loop comes to what is due
   * @param directBytes memory outside of the heap that is in use for sockets
   */
  public void observeLoops(DoubleSupplier lagSeconds, LongSupplier directBytes) {
    gauge(
        "roomcast_loop_lag_seconds",
        "How late the latest event loop comes to what is due: the longest delay, fading.",
        lagSeconds);
    gauge(
        "roomcast_direct_memory_bytes",
        "Memory outside of the heap that is in use for what is read and written.",
        () -> (double) directBytes.getAsLong());
  }

  /** The jar's version; classes outside of a jar have none. */
  private static String version() {
    return Optional.ofNullable(PrometheusTelemetry.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** Writes all metrics in the Prometheus text format, version 0.0.4. From any thread. */
  public void write(OutputStream out) throws IOException {
    if (!jvmObserved.getAndSet(true)) {
      // Loads the JVM's management, which a start has no time for.
      JvmMetrics.builder().register(registry);
    }
    writer.write(out, registry.scrape());
  }

  @Override
  public void opened() {
    opened.increment();
  }

  @Override
  public void closed(int code) {
    closes.count(code);
  }

  @Override
  public void received() {
    received.increment();
  }

  @Override
  public void delivered(long count) {
    delivered.add(count);
  }

  @Override
  public void dropped(DropReason reason, long count) {
    dropped.add(reason, count);
  }

  @Override
  public void refused(ErrorCode code) {
    refused.add(code, 1);
  }

  private void labelled(
      String name, String help, String label, Consumer<CounterWithCallback.Callback> counts) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(counts)
        .register(registry);
  }

  private void gauge(String name, String help, Hub hub, ToDoubleFunction<Hub.Size> part) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(to -> to.call(part.applyAsDouble(hub.size())))
        .register(registry);
  }
}
