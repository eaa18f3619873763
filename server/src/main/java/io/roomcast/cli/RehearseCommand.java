package io.roomcast.cli;

import io.roomcast.Roomcast;
import io.roomcast.config.ServerConfig;
import io.roomcast.load.LoadOptions;
import io.roomcast.load.LoadReport;
import io.roomcast.load.LoadRun;
import io.roomcast.load.Protocol;
import io.roomcast.load.Scenario;
import io.roomcast.room.Limits;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code roomcast rehearse}: lets a server do for some seconds what it will do, on a free port of
 * this machine alone. The launcher runs it once after a build, with a JVM that keeps what it has
 * learnt (the AOT cache of JDK 25): later starts are faster, and fast sooner.
 */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  /** Nobody listens there; it is only about loading what speaks to Redis. */
  private static final String NO_REDIS = "redis://127.0.0.1:9";

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean faultless = true;
    try (Roomcast server = start("")) {
      for (Scenario scenario : List.of(Scenario.FANOUT, Scenario.MANY, Scenario.CHURN)) {
        faultless &= load(server, scenario).faultless();
      }
      for (String path : List.of("/", "/ready", "/metrics", "/v1/rooms")) {
        faultless &= get(server, path) == 200;
      }
    }
    try (Roomcast alone = start(NO_REDIS)) {
      faultless &= get(alone, "/live") == 200;
    }
    return faultless ? 0 : 1;
  }

  private static Roomcast start(String redis) throws IOException {
    ServerConfig config =
        Roomcast.builder()
            .port(0)
            .redis(redis)
            .limits(Limits.DEFAULT.withCommandsPerSecond(0))
            .drain(Duration.ofSeconds(1))
            .config();
    Roomcast.ownProcess(config);
    return Roomcast.start(config);
  }

  private static LoadReport load(Roomcast server, Scenario scenario)
      throws IOException, InterruptedException {
    URI url = URI.create("ws://127.0.0.1:" + server.port() + "/ws");
    LoadOptions.Shape shape =
        scenario == Scenario.FANOUT
            ? new LoadOptions.Shape(1, 100, 1, 1, 128, 1)
            : new LoadOptions.Shape(5, 20, 5, 4, 128, 1);
    return LoadRun.run(
        new LoadOptions(
            scenario,
            Protocol.ROOMCAST,
            List.of(url),
            shape,
            new LoadOptions.Timing(1, 2),
            List.of()),
        new PrintStream(PrintStream.nullOutputStream(), false));
  }

  private static int get(Roomcast server, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
