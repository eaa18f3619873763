import java.util.List;

/**
 * One way to load a server.
 *
 * @param arguments for {@code roomcast bench}, without what the server adds
 * @param counts what is counted: {@code delivery}, {@code operation} or {@code connection}
 * @param nodes on how many nodes
 */
record Workload(String key, String title, List<String> arguments, String counts, int nodes) {
  private static final String DELIVERY = "delivery";
  private static final String OPERATION = "operation";
  private static final String CONNECTION = "connection";

  static List<Workload> all() {
    return List.of(
        of("fanout-1", "1 room × 1,000, one message out", DELIVERY, "fanout --members 1000"),
        of("fanout-8", "1 × 1,000, 8 out", DELIVERY, "fanout --members 1000 --inflight 8"),
        of("fanout-5000", "1 × 5,000, one out", DELIVERY, "fanout --members 5000"),
        of(
            "rooms",
            "1,000 rooms × 10, 100 publishers",
            DELIVERY,
            "rooms --rooms 1000 --members 10 --publishers 100"),
        of("many", "20 rooms × 50, all publish", DELIVERY, "many --rooms 20 --members 50"),
        new Workload(
            "nodes", "two nodes, 500 members each", split("nodes --members 1000"), DELIVERY, 2),
        of("rate-20k", "20,000 deliveries/s, 1,000 rooms × 10", DELIVERY, rate(20_000)),
        of("rate-50k", "50,000 deliveries/s, 1,000 rooms × 10", DELIVERY, rate(50_000)),
        of("churn", "connect, join, leave, close", OPERATION, "churn --inflight 16 --rooms 1000"),
        of("joins", "join and leave, 64 connections", OPERATION, "joins --inflight 64 --rooms 1000"),
        of("idle", "10,000 idle members", CONNECTION, "idle --rooms 1000 --members 10"));
  }

  static Workload of(String key) {
    return all().stream().filter(workload -> workload.key.equals(key)).findFirst().orElseThrow();
  }

  private static Workload of(String key, String title, String counts, String arguments) {
    return new Workload(key, title, split(arguments), counts, 1);
  }

  private static String rate(int deliveries) {
    return "rate --rooms 1000 --members 10 --publishers 10 --rate " + deliveries;
  }

  private static List<String> split(String arguments) {
    return List.of(arguments.split(" "));
  }

  boolean idle() {
    return counts.equals(CONNECTION);
  }

  boolean openLoop() {
    return key.startsWith("rate");
  }

  String perSecond() {
    return counts.equals(DELIVERY) ? "deliveries_per_second" : "operations_per_second";
  }

  String cpuMicros() {
    return idle() ? "server_cpu_us_per_second_per_connection" : "server_cpu_us_per_" + counts;
  }
}
