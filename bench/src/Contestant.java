import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A server to measure.
 *
 * @param command with {@code PORT} and {@code REDIS} in place of what is only known later
 * @param protocol as {@code roomcast bench} calls it
 * @param shared whether several nodes of it work together, through Redis
 * @param without keys of workloads that make no sense for it
 */
record Contestant(
    String key,
    String title,
    List<String> command,
    String protocol,
    String path,
    boolean shared,
    Set<String> without) {

  /** What the others are compared with. */
  static final String FLOOR = "floor-send";

  private static final Set<String> RECEIVING =
      Set.of("rate-20k", "rate-50k", "churn", "joins", "idle");

  static final String OURS = "roomcast";

  static List<Contestant> all(String root) {
    String serve =
        root + "/roomcast serve --port PORT --redis REDIS --commands-per-second 0 --node-name PORT";
    return List.of(
        floor(FLOOR, "floor, one `send` a member", root, "send", Set.of()),
        // How it sends says nothing where little is sent, or little at a time.
        floor("floor-uring", "floor, io_uring batch", root, "uring", RECEIVING),
        floor(
            "floor-joined",
            "floor, io_uring batch, joined per tick",
            root,
            "uring joined",
            Stream.concat(RECEIVING.stream(), Stream.of("fanout-5000")).collect(toSet())),
        new Contestant(
            OURS, "**Roomcast**", List.of(serve.split(" ")), "roomcast", "/ws", true, Set.of()),
        peer("node", "Node, ws + node-redis", root, "bare", Set.of()),
        peer("socketio", "Socket.IO", root, "socketio", Set.of()),
        // A member of nchan is a connection: it cannot leave and stay.
        peer("nchan", "nginx nchan", root, "nchan", Set.of("joins")),
        peer("spring", "Spring Boot WebSocket", root, "bare", Set.of()));
  }

  private static Contestant floor(
      String key, String title, String root, String how, Set<String> without) {
    String command = root + "/bench/target/floor PORT " + how;
    return new Contestant(
        key, title, List.of(command.split(" ")), "roomcast", "/", false, without);
  }

  private static Contestant peer(
      String key, String title, String root, String protocol, Set<String> without) {
    String start = root + "/bench/peers/" + key + "/start";
    return new Contestant(
        key, title, List.of(start, "PORT", "REDIS"), protocol, "/", true, without);
  }

  boolean peer() {
    return !key.startsWith("floor") && !key.equals(OURS);
  }

  boolean takes(Workload workload) {
    return !without.contains(workload.key()) && (shared || workload.nodes() == 1);
  }
}
