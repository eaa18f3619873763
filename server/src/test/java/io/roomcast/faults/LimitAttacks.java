package io.roomcast.faults;

import io.roomcast.faults.Attacks.Finding;
import io.roomcast.faults.Attacks.Scale;
import io.roomcast.load.LoadReport;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Attacks by sending too much, on a server that counts; others are to notice nothing. */
record LimitAttacks(Attacks attacks) {
  /** Commands that leave together. */
  private static final int BURST = 200;

  private static final Pattern NUMBER = Pattern.compile("\"message\":([0-9]+)");

  /** One client sends commands, 50,000 a second, and comes back when it is closed. */
  Finding abuser() throws Exception {
    try (ServerNode node = attacks.server("--commands-per-second", "100")) {
      return watched(
          node,
          "one client sends 50,000 commands a second, and comes back when it is closed",
          50_000,
          n -> "{\"type\":\"ping\"}");
    }
  }

  /** One client sends to one room, 20,000 messages a second, whatever it is told. */
  Finding noisyRoom() throws Exception {
    try (ServerNode node = attacks.server("--rule", "noisy rate=500/1s size=1KiB");
        RawWebSocket member = RawWebSocket.open(node.port())) {
      member.join("noisy");
      AtomicLong last = new AtomicLong(-1);
      AtomicLong heard = new AtomicLong();
      AtomicLong disordered = new AtomicLong();
      Thread listening = Thread.ofVirtual().start(() -> listen(member, last, heard, disordered));
      Finding finding =
          watched(
              node,
              "one client sends 20,000 messages a second to a room with a rate of 500",
              20_000,
              n -> "{\"type\":\"sendMessage\",\"room\":\"noisy\",\"message\":" + n + "}");
      member.endOutput();
      listening.join(10_000);
      return new Finding(
          "S13b",
          finding.attack(),
          finding.result()
              + String.format(
                  Locale.ROOT,
                  "; its room heard %,d of them, %d out of order",
                  heard.get(),
                  disordered.get()),
          finding.held() && heard.get() > 0 && disordered.get() == 0);
    }
  }

  private static void listen(
      RawWebSocket member, AtomicLong last, AtomicLong heard, AtomicLong disordered) {
    try {
      while (true) {
        RawWebSocket.Frame frame = member.frame();
        if (frame.opcode() == Frames.CLOSE) {
          return;
        }
        Matcher matcher = NUMBER.matcher(frame.text());
        if (matcher.find()) {
          heard.incrementAndGet();
          long number = Long.parseLong(matcher.group(1));
          disordered.addAndGet(number > last.getAndSet(number) ? 0 : 1);
        }
      }
    } catch (IOException | AssertionError e) {
      // The connection has ended; what was heard by then counts.
    }
  }

  /** Watches members without the attack and beside it. */
  private Finding watched(ServerNode node, String attack, int perSecond, IntFunction<String> says)
      throws Exception {
    LoadReport before = attacks.members(node);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<long[]> flood =
        CompletableFuture.supplyAsync(() -> flood(node, perSecond, says, over));
    LoadReport during = attacks.members(node);
    over.set(true);
    long[] done = flood.get();
    boolean full = attacks.scale().equals(Scale.FULL);
    double alone = Attacks.p99(before);
    double beside = Attacks.p99(during);
    // A millisecond is what the machine does by itself. The short form runs beside other tests.
    double most = full ? Math.max(1.2 * alone, alone + 1) : 10 * alone + 100;
    return new Finding(
        "S13",
        attack,
        String.format(
            Locale.ROOT,
            "%,d sent, closed %,d times; others' p99 %.1f ms before, %.1f ms meanwhile; %d faults",
            done[0],
            done[1],
            alone,
            beside,
            before.faults().size() + during.faults().size()),
        before.faultless()
            && during.faultless()
            && done[1] > 0
            && beside <= most
            && node.isAlive());
  }

  private static long[] flood(
      ServerNode node, int perSecond, IntFunction<String> says, AtomicBoolean over) {
    long[] done = new long[2];
    long pause = TimeUnit.SECONDS.toNanos(1) * BURST / perSecond;
    long due = System.nanoTime();
    while (!over.get()) {
      AtomicBoolean shut = new AtomicBoolean();
      try (RawWebSocket socket = RawWebSocket.open(node.port())) {
        Thread.ofVirtual().start(() -> shut.set(closed(socket)));
        while (!over.get() && !shut.get()) {
          byte[][] burst = new byte[BURST][];
          for (int i = 0; i < BURST; i++) {
            burst[i] = Frames.text(says.apply((int) done[0]++));
          }
          socket.send(Frames.join(burst));
          due = Math.max(due + pause, System.nanoTime() - pause);
          LockSupport.parkNanos(due - System.nanoTime());
        }
        done[1] += shut.get() ? 1 : 0;
      } catch (IOException e) {
        done[1]++;
      }
    }
    return done;
  }

  /** Reads until the server closes; whether it was for too many errors. */
  private static boolean closed(RawWebSocket socket) {
    try {
      RawWebSocket.Frame frame;
      do {
        frame = socket.frame();
      } while (frame.opcode() != Frames.CLOSE);
      return frame.code() == 4500;
    } catch (IOException | AssertionError e) {
      return false;
    }
  }
}
