package io.roomcast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.roomcast.net.NativeTransport;
import io.roomcast.testing.CliProcess;
import io.roomcast.testing.RedisProcess;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which threads a server has for Redis. */
final class RedisThreadsIT {
  private static List<NativeTransport> natives() {
    return TestServer.transports().stream().filter(one -> one != NativeTransport.NIO).toList();
  }

  @ParameterizedTest
  @MethodSource("natives")
  void onFewProcessorsItHasNone(NativeTransport transport)
      throws IOException, InterruptedException {
    assertThat(redisThreads(transport, "-XX:ActiveProcessorCount=2")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("natives")
  void onManyProcessorsItHasItsOwn(NativeTransport transport)
      throws IOException, InterruptedException {
    assertThat(redisThreads(transport, "-XX:ActiveProcessorCount=4"))
        .contains("roomcast-redis")
        .anyMatch(name -> name.startsWith("lettuce-"));
  }

  /** Lettuce goes on with the best that it finds. */
  @Test
  void besideNioItHasItsOwn() throws IOException, InterruptedException {
    assumeThat(natives()).isNotEmpty();
    assertThat(redisThreads(NativeTransport.NIO, "-XX:ActiveProcessorCount=2"))
        .contains("roomcast-redis");
  }

  @Test
  void whereThereIsOnlyNioItHasNone() throws IOException, InterruptedException {
    assertThat(
            redisThreads(
                NativeTransport.NIO,
                "-XX:ActiveProcessorCount=2 -Dio.netty.transport.noNative=true"))
        .isEmpty();
  }

  private static List<String> redisThreads(NativeTransport transport, String options)
      throws IOException, InterruptedException {
    try (RedisProcess redis = RedisProcess.start();
        CliProcess serve =
            CliProcess.start(
                Map.of("JAVA_TOOL_OPTIONS", options),
                "serve",
                "--port",
                "0",
                "--transport",
                transport.label(),
                "--redis",
                redis.uri())) {
      assertThat(serve.line("broker")).contains("connected to");
      return threads(serve.pid()).stream().filter(RedisThreadsIT::speaksToRedis).toList();
    }
  }

  /** The clock looks after connecting alone, and so does the thread that it begins on. */
  private static boolean speaksToRedis(String name) {
    return name.equals("roomcast-redis")
        || (name.startsWith("lettuce-") && !name.startsWith("lettuce-eventEx"));
  }

  /** Their names, as the kernel shortens them. */
  private static List<String> threads(long process) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc", String.valueOf(process), "task"))) {
      for (Path task : tasks) {
        names.add(Files.readString(task.resolve("comm")).strip());
      }
    }
    return names;
  }
}
