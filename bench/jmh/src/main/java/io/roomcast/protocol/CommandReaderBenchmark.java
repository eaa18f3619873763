package io.roomcast.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A client's frame of text to a command, and a payload to the event that all members get. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CommandReaderBenchmark {
  private final byte[] message = Json.quote("x".repeat(126));
  private final byte[] send =
      ("{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":"
              + new String(message, StandardCharsets.UTF_8)
              + "}")
          .getBytes(StandardCharsets.UTF_8);
  private final byte[] subscribe =
      "{\"type\":\"SUBSCRIBE\",\"room\":\"room1\",\"id\":7}".getBytes(StandardCharsets.UTF_8);

  @Benchmark
  public List<Command> readSend() {
    return CommandReader.read(send, 0, send.length);
  }

  @Benchmark
  public List<Command> readSubscribe() {
    return CommandReader.read(subscribe, 0, subscribe.length);
  }

  @Benchmark
  public byte[] writeMessage() {
    return Event.message("room1", message, "");
  }

  @Benchmark
  public boolean checkJson() {
    return Json.isValue(send, 0, send.length);
  }
}
