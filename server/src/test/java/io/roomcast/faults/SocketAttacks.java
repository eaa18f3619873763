package io.roomcast.faults;

import io.roomcast.faults.Attacks.Finding;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;

/** Attacks by what a socket can do: too much, too slowly, without an end. */
record SocketAttacks(Attacks attacks) {
  private static final long MIB = 1024 * 1024;
  private static final int BOMB_BYTES = 64 * 1024 * 1024;

  /** Small messages that are large when inflated. */
  Finding bombs() throws Exception {
    byte[] bomb = bomb();
    try (ServerNode node = attacks.server("--compression")) {
      long before = node.residentBytes();
      int refused = each(attacks.scale().bombs(), i -> bombed(node, bomb));
      long grown = node.residentBytes() - before;
      return new Finding(
          "S5",
          String.format(
              Locale.ROOT,
              "%,d connections send %,d bytes that inflate to %,d",
              attacks.scale().bombs(),
              bomb.length,
              BOMB_BYTES),
          String.format(
              Locale.ROOT, "%,d closed with 1009; memory grew by %d MiB", refused, grown / MIB),
          refused == attacks.scale().bombs() && grown < 100 * MIB && node.isAlive());
    }
  }

  private static boolean bombed(ServerNode node, byte[] bomb) throws IOException {
    try (RawWebSocket socket = RawWebSocket.connect(node.port())) {
      socket.upgrade("Sec-WebSocket-Extensions: permessage-deflate");
      socket.send(Frames.frame(Frames.FIN | 0x40 | Frames.TEXT, bomb));
      return socket.end().code() == 1009;
    }
  }

  private static byte[] bomb() {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(new byte[BOMB_BYTES]);
    byte[] out = new byte[256 * 1024];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - 4);
  }

  /** Frames without an end, or without sense. */
  Finding floods() throws Exception {
    try (ServerNode node = attacks.server()) {
      long before = node.residentBytes();
      List<String> wrong = new ArrayList<>();
      expect(1002, node, Frames.announce(Frames.FIN | Frames.TEXT, Long.MIN_VALUE), 1, wrong);
      expect(1009, node, Frames.announce(Frames.FIN | Frames.TEXT, Long.MAX_VALUE), 1, wrong);
      expect(1009, node, Frames.frame(Frames.CONTINUATION, new byte[1000]), 10_000, wrong);
      expect(1009, node, Frames.frame(Frames.CONTINUATION), 100_000, wrong);
      expect(1002, node, Frames.unmasked(Frames.FIN | Frames.TEXT, (byte) 'a'), 1, wrong);
      int pongs = pongs(node, 10_000);
      long grown = node.residentBytes() - before;
      return new Finding(
          "S6",
          "lengths of 2^63, fragments without an end, 100,000 empty ones, frames without a mask, 10,000 pings",
          String.format(
              Locale.ROOT,
              "%d closed with another code; %,d pongs; memory grew by %d MiB",
              wrong.size(),
              pongs,
              grown / MIB),
          wrong.isEmpty() && pongs == 10_000 && grown < 100 * MIB && node.isAlive());
    }
  }

  private static void expect(int code, ServerNode node, byte[] frame, int times, List<String> wrong)
      throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(node.port())) {
      if (times > 1) {
        socket.send(Frames.frame(Frames.TEXT, (byte) 'a'));
      }
      try {
        for (int i = 0; i < times; i++) {
          socket.send(frame);
        }
      } catch (IOException e) {
        // It is closed already.
      }
      RawWebSocket.Ending end = socket.end();
      if (!end.reset() && end.code() != code) {
        wrong.add(end.code() + " in place of " + code);
      }
    }
  }

  private static int pongs(ServerNode node, int count) throws Exception {
    try (RawWebSocket socket = RawWebSocket.open(node.port());
        ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writing =
          writer.submit(
              () -> {
                for (int i = 0; i < count; i++) {
                  socket.send(Frames.frame(Frames.FIN | Frames.PING, (byte) i));
                }
                return true;
              });
      int pongs = 0;
      while (pongs < count && socket.frame().opcode() == Frames.PONG) {
        pongs++;
      }
      writing.get();
      return pongs;
    }
  }

  /** Clients that begin, and never come to an end. */
  Finding drips() throws Exception {
    int count = attacks.scale().drips();
    try (ServerNode node = attacks.server()) {
      long start = System.nanoTime();
      long before = node.residentBytes();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Long>> dripping = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          int kind = i % 3;
          dripping.add(threads.submit(() -> drip(node.port(), kind)));
        }
        TimeUnit.SECONDS.sleep(2);
        List<Double> connects = connects(node.port(), 200);
        long grown = node.residentBytes() - before;
        long last = 0;
        for (Future<Long> one : dripping) {
          last = Math.max(last, one.get(30, TimeUnit.SECONDS));
        }
        double seconds = (last - start) / 1e9;
        double p99 = connects.get(connects.size() * 99 / 100);
        return new Finding(
            "S7",
            String.format(Locale.ROOT, "%,d connections drip a request, a byte a second", count),
            String.format(
                Locale.ROOT,
                "all gone after %.1f s; meanwhile 200 clients connected, p99 %.0f ms; memory grew by %d MiB",
                seconds,
                p99,
                grown / MIB),
            // They begin one after another, and each has 10 s and a second of the wheel's.
            seconds < 20 && p99 < 1000 && node.isAlive());
      }
    }
  }

  /** When it was cut off. */
  private static long drip(int port, int kind) throws IOException, InterruptedException {
    String text =
        switch (kind) {
          case 0 ->
              "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nX: " + "y".repeat(99);
          case 1 ->
              "POST /v1/rooms/a/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n"
                  + "x".repeat(50);
          default -> "";
        };
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1000);
      int at = Math.min(bytes.length, bytes.length / 2);
      socket.getOutputStream().write(bytes, 0, at);
      while (true) {
        try {
          if (socket.getInputStream().read() < 0) {
            return System.nanoTime();
          }
        } catch (java.net.SocketTimeoutException e) {
          if (at < bytes.length) {
            socket.getOutputStream().write(bytes[at++]);
          }
        }
      }
    } catch (java.net.SocketException e) {
      return System.nanoTime();
    }
  }

  /** Milliseconds that clients took to become a WebSocket, the least first. */
  private static List<Double> connects(int port, int count) throws IOException {
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long from = System.nanoTime();
      try (RawWebSocket socket = RawWebSocket.open(port)) {
        socket.ask("{\"type\":\"ping\",\"id\":1}");
        took.add((System.nanoTime() - from) / 1e6);
      }
    }
    took.sort(null);
    return took;
  }

  /** Does it so many times, some at once; tells how often it answered yes. */
  static int each(int count, Try one) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        all.add(threads.submit(() -> one.run(number)));
      }
      int yes = 0;
      for (Future<Boolean> answer : all) {
        yes += answer.get(60, TimeUnit.SECONDS) ? 1 : 0;
      }
      return yes;
    }
  }

  /** One try. */
  @FunctionalInterface
  interface Try {
    boolean run(int number) throws Exception;
  }
}
