import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that listens on a port of 127.0.0.1, pinned to one processor. */
final class Server implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final Set<Server> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Server::close)));
  }

  final int port;

  /** From start to the first connection that is let in. */
  final long startMillis;

  private final Process process;

  private Server(Process process, int port, Path log) throws IOException, InterruptedException {
    this.process = process;
    this.port = port;
    RUNNING.add(this);
    this.startMillis = awaitListening(log);
  }

  /** Starts a command in which {@code PORT} and {@code REDIS} stand for what they are. */
  static Server start(List<String> command, int cpu, String redis, Path log)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(cpu)));
    for (String part : command) {
      pinned.add(part.replace("PORT", Integer.toString(port)).replace("REDIS", redis));
    }
    ProcessBuilder builder = new ProcessBuilder(pinned).redirectErrorStream(true);
    Process process = builder.redirectOutput(log.toFile()).start();
    return new Server(process, port, log);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private long awaitListening(Path log) throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (!listening()) {
      long millis = (System.nanoTime() - began) / 1_000_000;
      if (millis > START_SECONDS * 1000 || !process.isAlive()) {
        close();
        throw new IOException("did not start, see " + log);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return (System.nanoTime() - began) / 1_000_000;
  }

  private boolean listening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The process and those that it started. */
  List<Long> pids() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
    }
    RUNNING.remove(this);
  }
}
