package io.roomcast.cli;

import io.roomcast.load.LedgerOptions;
import io.roomcast.load.LedgerRun;
import io.roomcast.load.LoadOptions;
import io.roomcast.load.LoadReport;
import io.roomcast.load.LoadRun;
import io.roomcast.load.Protocol;
import io.roomcast.load.Scenario;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code roomcast bench}: puts a server under load and measures it. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Puts a server under load, checks every message and measures what it took.",
    footer = {
      "",
      "Scenarios: fanout (one room), rooms (many rooms, some publishers), many (every member",
      "publishes), rate (fixed rate, open loop), idle (memory and CPU of silent members), churn",
      "(connect, join, leave, close), joins (join and leave), nodes (members over several nodes).",
      "",
      "With --ledger clients come back when their connection ends, every message and every receipt is",
      "written down, and at the end each hole is told as signalled or not: break what you like meanwhile.",
      "",
      "Exit code: 0, or 1 when a message was lost, doubled or out of order, or something failed.",
      "",
      "  taskset -c 1 roomcast bench fanout --members 1000 --pid $(pgrep -f 'roomcast serve')"
    })
final class BenchCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", defaultValue = "fanout", paramLabel = "SCENARIO")
  private Scenario scenario = Scenario.FANOUT;

  @Option(
      names = "--url",
      defaultValue = "ws://127.0.0.1:8080/ws",
      description =
          "The server; repeated for several nodes. With wss:// any certificate is taken. Default:"
              + " ${DEFAULT-VALUE}")
  private List<URI> urls = new ArrayList<>();

  @Option(
      names = "--protocol",
      defaultValue = "roomcast",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Protocol protocol = Protocol.ROOMCAST;

  @Option(names = "--rooms", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
  private int rooms;

  @Option(
      names = "--members",
      defaultValue = "1000",
      description = "Members of each room. Default: ${DEFAULT-VALUE}")
  private int members;

  @Option(
      names = "--publishers",
      defaultValue = "1",
      description = "Connections that only publish. Default: ${DEFAULT-VALUE}")
  private int publishers;

  @Option(
      names = "--inflight",
      defaultValue = "1",
      description =
          "Messages that a publisher has under way at a time; in churn and joins the number of"
              + " clients. Default: ${DEFAULT-VALUE}")
  private int inflight;

  @Option(
      names = "--size",
      defaultValue = "128",
      description = "Bytes of a message. Default: ${DEFAULT-VALUE}")
  private int size;

  @Option(
      names = "--rate",
      defaultValue = "20000",
      description = "Deliveries a second in rate. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--warmup",
      defaultValue = "5",
      description = "Seconds not counted. Default: ${DEFAULT-VALUE}")
  private int warmup;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "Seconds counted. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--pid",
      description = "A process of the server, whose CPU time and memory are reported; repeatable.")
  private List<Long> pids = new ArrayList<>();

  @Option(
      names = "--ledger",
      description =
          "Keeps a ledger of a load at a fixed rate, through whatever happens to the servers.")
  private boolean ledger;

  @Option(
      names = "--recover",
      description =
          "With --ledger, in rooms with a log: members come back with their position, publishers"
              + " repeat with a key.")
  private boolean recover;

  @Option(
      names = "--room-prefix",
      defaultValue = "ledger-",
      description = "With --ledger: what rooms' names begin with. Default: ${DEFAULT-VALUE}")
  private String roomPrefix = "";

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "With --ledger: of all that is random. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--json", description = "Writes the figures to this file too.")
  private Optional<Path> json = Optional.empty();

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadReport report = ledger ? withLedger() : measured();
    System.out.print(report.table());
    if (json.isPresent()) {
      Files.writeString(json.get(), report.json());
    }
    return report.faultless() ? 0 : 1;
  }

  private LoadReport measured() throws InterruptedException {
    return LoadRun.run(
        new LoadOptions(
            scenario,
            protocol,
            urls,
            new LoadOptions.Shape(rooms, members, publishers, inflight, size, rate),
            new LoadOptions.Timing(warmup, seconds),
            pids),
        System.out);
  }

  private LoadReport withLedger() throws InterruptedException {
    LedgerOptions options =
        LedgerOptions.of(urls, rooms, members, publishers, rate / members, seed).bytes(size);
    return LedgerRun.run(
        recover ? options.logged(roomPrefix) : options.prefix(roomPrefix), seconds, System.out);
  }
}
