package io.roomcast.faults;

import io.roomcast.load.LoadOptions;
import io.roomcast.load.LoadReport;
import io.roomcast.load.LoadRun;
import io.roomcast.load.Protocol;
import io.roomcast.load.Scenario;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Attacks on a server with clients that behave, who are to notice nothing. */
final class Attacks {
  /**
   * How much of each.
   *
   * @param members clients that behave
   * @param seconds that they are watched for, without and with an attack
   */
  record Scale(int members, int seconds, int inputs, int bombs, int drips, int names) {
    static final Scale SHORT = new Scale(200, 2, 1000, 100, 200, 1000);
    static final Scale FULL = new Scale(1000, 8, 5000, 1000, 5000, 10_000);
  }

  /**
   * What came of one.
   *
   * @param id of the list of scenarios
   * @param held whether it is as it should be
   */
  record Finding(String id, String attack, String result, boolean held) {
    /** A row of a table. */
    String row() {
      return "| "
          + id
          + " | "
          + attack
          + " | "
          + result
          + " | "
          + (held ? "held" : "**NOT HELD**")
          + " |";
    }
  }

  private static final PrintStream SILENT = new PrintStream(PrintStream.nullOutputStream());

  private final Scale scale;
  private final Path log;

  Attacks(Scale scale, Path log) {
    this.scale = scale;
    this.log = log;
  }

  /** A server for one attack. */
  ServerNode server(String... flags) throws InterruptedException {
    ServerNode node = new ServerNode(log, "", List.of("-Xmx256m"), List.of(flags));
    node.awaitReady();
    return node;
  }

  Scale scale() {
    return scale;
  }

  /** What malformed inputs do to themselves, and to those who behave. */
  Finding malformed() throws Exception {
    try (ServerNode node = server()) {
      List<HostileInputs.Input> inputs = new HostileInputs(42).take(scale.inputs());
      LoadReport before = members(node);
      AtomicBoolean over = new AtomicBoolean();
      List<String> wrong = new ArrayList<>();
      CompletableFuture<Integer> attack =
          CompletableFuture.supplyAsync(() -> send(node, inputs, wrong, () -> over.get()));
      LoadReport during = members(node);
      over.set(true);
      int sent = attack.get();
      String result =
          String.format(
              Locale.ROOT,
              "%,d inputs, %,d answered wrongly; %,d members: p99 %.1f ms before, %.1f ms meanwhile; %d faults",
              sent,
              wrong.size(),
              scale.members(),
              p99(before),
              p99(during),
              during.faults().size());
      wrong.stream().limit(5).forEach(System.err::println);
      boolean held =
          wrong.isEmpty() && during.faultless() && node.isAlive() && sent >= scale.inputs();
      return new Finding("S4", "malformed frames of all kinds, one after another", result, held);
    }
  }

  /** Sends them all, and again until it is over. */
  private static int send(
      ServerNode node, List<HostileInputs.Input> inputs, List<String> wrong, BooleanSupplier over) {
    int sent = 0;
    try {
      do {
        RawWebSocket socket = RawWebSocket.open(node.port());
        int errors = 0;
        for (HostileInputs.Input input : inputs) {
          socket.send(input.bytes());
          sent++;
          String flaw;
          if (input.closes().isEmpty()) {
            flaw = errorFlaw(input, socket.hear());
            errors++;
          } else {
            flaw = input.closes().contains(socket.end().code()) ? "" : "another close code";
          }
          if (!flaw.isEmpty()) {
            wrong.add(flaw);
          }
          if (!input.closes().isEmpty() || errors == 50) {
            socket.close();
            socket = RawWebSocket.open(node.port());
            errors = 0;
          }
        }
        socket.close();
      } while (!over.getAsBoolean());
    } catch (IOException | AssertionError e) {
      wrong.add("after " + sent + ": " + e);
    }
    return sent;
  }

  private static String errorFlaw(HostileInputs.Input input, String answer) {
    boolean right =
        input.errors().stream().anyMatch(code -> answer.contains("\"code\":" + code + ","));
    return right ? "" : answer + " is none of " + input.errors();
  }

  /** Watches clients that behave for some seconds. */
  LoadReport members(ServerNode node) throws InterruptedException {
    int rooms = 10;
    return LoadRun.run(
        new LoadOptions(
            Scenario.RATE,
            Protocol.ROOMCAST,
            List.of(node.url()),
            new LoadOptions.Shape(rooms, scale.members() / rooms, 10, 16, 128, 2000),
            new LoadOptions.Timing(1, scale.seconds()),
            List.of()),
        SILENT);
  }

  /** Milliseconds. */
  static double p99(LoadReport report) {
    return report.figures().stream()
        .filter(figure -> figure.name().endsWith("_p99_us"))
        .mapToDouble(figure -> figure.value() / 1000)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Runs one, so that what goes wrong on the way is a finding too. */
  static Finding run(String id, Attack attack) throws InterruptedException {
    try {
      return attack.run();
    } catch (InterruptedException e) {
      throw e;
    } catch (ExecutionException e) {
      return new Finding(id, "", String.valueOf(e.getCause()), false);
    } catch (Exception | AssertionError e) {
      return new Finding(id, "", e.toString(), false);
    }
  }

  /** One of them. */
  @FunctionalInterface
  interface Attack {
    Finding run() throws Exception;
  }
}
