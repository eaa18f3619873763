package io.roomcast.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.Certificates;
import io.roomcast.testing.CliProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More handshakes than anybody needs, at a server in a process of its own. */
final class TlsFloodIT {
  private static final int HALF = 2000;
  private static final int WHOLE = 2000;
  private static final long MOST_GROWTH = 100L << 20;

  @TempDir private Path directory;

  private static long residentBytes(CliProcess process) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no such process");
  }

  private static boolean served(Certificates trusted, int port) throws IOException {
    try (SSLSocket socket = SecureClient.connect(trusted, port)) {
      String request = "GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      return SecureClient.ask(socket, request).contains("live");
    }
  }

  @Test
  void memoryIsBoundedAndOthersAreServed() throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    TlsFiles files = own.writeTo(directory);
    List<Socket> half = new ArrayList<>();
    try (CliProcess serve =
            CliProcess.start(
                "serve",
                "--port",
                "0",
                "--tls-cert",
                files.certificate().toString(),
                "--tls-key",
                files.key().toString());
        ExecutorService clients = Executors.newFixedThreadPool(8)) {
      int port = URI.create(serve.line("browser").replaceAll(".*(https:.*)", "$1")).getPort();
      for (int i = 0; i < 200; i++) {
        assertThat(served(own, port)).isTrue();
      }
      long before = residentBytes(serve);
      for (int i = 0; i < HALF; i++) {
        Socket socket = SecureClient.plain(port);
        half.add(socket);
        socket.getOutputStream().write(ClientHello.of(3));
      }
      assertThat(served(own, port)).isTrue();
      assertThat(residentBytes(serve) - before).as("half").isLessThan(MOST_GROWTH);

      List<Future<Boolean>> whole = new ArrayList<>();
      for (int i = 0; i < WHOLE; i++) {
        whole.add(clients.submit(() -> served(own, port)));
      }
      for (Future<Boolean> one : whole) {
        assertThat(one.get(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(residentBytes(serve) - before).as("whole").isLessThan(MOST_GROWTH);
      for (Socket socket : half) {
        // The server's hello, and then the end of what never went on.
        assertThat(new String(SecureClient.toTheEnd(socket), ISO_8859_1)).startsWith("\u0016");
      }
      assertThat(residentBytes(serve) - before).as("after").isLessThan(MOST_GROWTH);
      serve.terminate();
      assertThat(serve.exitCode()).isZero();
    } finally {
      for (Socket socket : half) {
        socket.close();
      }
    }
  }
}
