import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;

/** Gets everything onto the machine, and knows where it is. */
final class Site {
  private static final String REDIS_JAR = "org.signal:embedded-redis:0.9.1";

  final Path root;
  final Path target;

  /** Contestants that could not be made ready, with the reason. */
  final Map<String, String> missing = new TreeMap<>();

  private String redis = "redis-server";

  Site(Path root) throws IOException {
    this.root = root;
    this.target = root.resolve("bench/target");
    Files.createDirectories(target.resolve("logs"));
  }

  /** Builds and installs what the contestants need. */
  void prepare(List<Contestant> contestants) throws IOException, InterruptedException {
    must("taskset", "-V");
    say("Roomcast");
    must(root + "/roomcast", "--version");
    say("floor");
    must("cc", "-O2", "-o", target + "/floor", root + "/bench/floor/floor.c");
    say("Redis");
    findRedis();
    for (Contestant contestant : contestants) {
      if (contestant.peer()) {
        say(contestant.title());
        install(contestant);
      }
    }
  }

  private static void say(String what) {
    System.out.println("preparing " + what);
  }

  private void install(Contestant contestant) throws IOException, InterruptedException {
    if (contestant.key().equals("nchan") && !run("dpkg", "-s", "libnginx-mod-nchan")) {
      apt("nginx-light", "libnginx-mod-nchan");
    }
    if (!run(contestant.command().getFirst())) {
      missing.put(contestant.key(), "left out: " + lastLine());
      System.out.println("  " + missing.get(contestant.key()));
    }
  }

  private void apt(String... packages) throws IOException, InterruptedException {
    boolean root = "root".equals(System.getProperty("user.name"));
    List<String> command = new ArrayList<>(root ? List.of() : List.of("sudo", "-n"));
    command.addAll(List.of("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"));
    command.addAll(List.of("--no-install-recommends", "install"));
    command.addAll(List.of(packages));
    run(command.toArray(String[]::new));
  }

  /** The machine's own Redis, or else the one that the tests use, which comes in a jar. */
  private void findRedis() throws IOException, InterruptedException {
    if (run("redis-server", "--version")) {
      return;
    }
    String maven = System.getenv().getOrDefault("MVN", "mvn");
    must(
        maven,
        "-q",
        "-B",
        "-f",
        root.resolve("pom.xml").toString(),
        "-N",
        "dependency:copy",
        "-Dartifact=" + REDIS_JAR,
        "-DoutputDirectory=" + target);
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    Path binary = target.resolve("redis-server");
    try (ZipFile jar = new ZipFile(target.resolve("embedded-redis-0.9.1.jar").toFile());
        InputStream in = jar.getInputStream(jar.getEntry("redis-server-7.0.15-linux-" + machine))) {
      Files.write(binary, in.readAllBytes());
    }
    binary.toFile().setExecutable(true);
    redis = binary.toString();
  }

  Server startRedis(int cpu) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(redis, "--port", "PORT"));
    command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
    return Server.start(command, cpu, "", target.resolve("logs/redis.log"));
  }

  String redisVersion() throws IOException, InterruptedException {
    run(redis, "--version");
    return lastLine();
  }

  /** The last line that a command prints, or "none" when there is no such command. */
  String ask(String... command) throws InterruptedException {
    try {
      return run(command) ? lastLine() : "none";
    } catch (IOException e) {
      return "none";
    }
  }

  private void must(String... command) throws IOException, InterruptedException {
    if (!run(command)) {
      throw new IOException(command[0] + " failed: " + lastLine());
    }
  }

  private boolean run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log().toFile()).redirectInput(Path.of("/dev/null").toFile());
    try {
      Process process = builder.start();
      if (!process.waitFor(20, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      return process.waitFor() == 0;
    } catch (IOException e) {
      Files.writeString(log(), e.getMessage());
      return false;
    }
  }

  private Path log() {
    return target.resolve("logs/prepare.log");
  }

  private String lastLine() throws IOException {
    List<String> lines = Files.readAllLines(log());
    return lines.isEmpty() ? "" : lines.getLast().strip();
  }
}
