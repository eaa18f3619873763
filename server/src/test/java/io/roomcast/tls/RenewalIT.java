package io.roomcast.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.roomcast.Roomcast;
import io.roomcast.testing.Certificates;
import io.roomcast.testing.CliProcess;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Certificates that are renewed while a whole server runs, and what is done with one by TLS. */
final class RenewalIT {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Tls.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @TempDir private Path directory;

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void deafen() {
    logger.detachAppender(log);
  }

  private String logged() {
    return List.copyOf(log.list).stream()
        .map(event -> event.getLevel() + " " + event.getMarkerList() + event.getFormattedMessage())
        .collect(Collectors.joining("\n"));
  }

  private static Roomcast serve(TlsFiles files) throws IOException {
    return Roomcast.builder()
        .port(0)
        .loops(1)
        .drain(Duration.ZERO)
        .tls(files.certificate(), files.key())
        .start();
  }

  private static String served(Certificates trusted, int port) {
    try (SSLSocket socket = SecureClient.connect(trusted, port)) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static HttpResponse<String> get(
      Certificates trusted, Roomcast server, String path, String... headers) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().sslContext(trusted.client()).build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return http.send(request.build(), BodyHandlers.ofString());
    }
  }

  private static String metric(Certificates trusted, Roomcast server, String name)
      throws Exception {
    return get(trusted, server, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .collect(Collectors.joining());
  }

  @Test
  void whatChangesIsTakenAndWhatIsBrokenIsNot() throws Exception {
    Certificates first = Certificates.make(directory, "first");
    Certificates second = Certificates.make(directory, "second");
    try (Roomcast server = serve(first.writeTo(directory));
        RawWebSocket early = SecureClient.webSocket(first, server.port())) {
      early.join("room1");
      assertThat(served(first, server.port())).isEqualTo("CN=first");

      // Half of a renewal: looked at, told once, not taken.
      Files.writeString(directory.resolve("tls.crt"), second.certificate());
      await().atMost(Duration.ofSeconds(20)).until(() -> logged().contains("not taken"));
      assertThat(server.renewCertificate()).isFalse();
      assertThat(served(first, server.port())).isEqualTo("CN=first");
      assertThat(metric(first, server, "roomcast_tls_renewals_total{result=\"refused\"}"))
          .isEqualTo("2.0");
      assertThat(logged())
          .contains("ERROR [tls.refused]Certificate not taken, the one for CN=first stays")
          .contains("tls.key is not the key of the first certificate")
          .doesNotContain(second.key().lines().skip(1).findFirst().orElseThrow());

      second.writeTo(directory);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> served(second, server.port()), "CN=second"::equals);
      assertThat(metric(second, server, "roomcast_tls_renewals_total{result=\"taken\"}"))
          .isEqualTo("1.0");
      double expiry =
          Double.parseDouble(
              metric(second, server, "roomcast_tls_certificate_expiry_timestamp_seconds"));
      Instant end = ((X509Certificate) second.trusted()).getNotAfter().toInstant();
      assertThat(expiry).isEqualTo((double) end.getEpochSecond());
      assertThat(server.tls()).isEqualTo("BoringSSL, certificate until " + end);

      // Who was there before is there still.
      early.say("{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":1}");
      assertThat(early.hear()).contains("\"message\":1");

      // Whoever does not trust it fails, and is counted.
      assertThat(served(first, server.port())).isNotEqualTo("CN=second");
      await()
          .until(
              () ->
                  Double.parseDouble(metric(second, server, "roomcast_tls_handshakes_failed_total"))
                      > 0);

      first.writeTo(directory);
      assertThat(server.renewCertificate()).isTrue();
      assertThat(served(first, server.port())).isEqualTo("CN=first");
    }
  }

  @Test
  void anExpiredOneIsServedWithAWarning() throws Exception {
    Certificates old =
        Certificates.make(
            directory, "old", List.of("-keyalg", "EC", "-startdate", "-10d", "-validity", "5"));
    try (Roomcast server = serve(old.writeTo(directory))) {
      assertThat(logged()).contains("WARN [tls.expired]The certificate for CN=old expired at");
      // This client takes what it was told to trust as it is.
      assertThat(served(old, server.port())).isEqualTo("CN=old");
    }
    Certificates early =
        Certificates.make(directory, "early", List.of("-keyalg", "EC", "-startdate", "+10d"));
    try (Roomcast server = serve(early.writeTo(directory))) {
      assertThat(logged()).contains("The certificate for CN=early is not good before");
      assertThat(server.renewCertificate()).isTrue();
    }
  }

  @Test
  void pagesMustComeByTlsToo() throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    try (Roomcast server = serve(own.writeTo(directory))) {
      assertThat(get(own, server, "/").body()).contains("<html");
      assertThat(
              get(own, server, "/live", "Origin", "https://localhost:" + server.port())
                  .statusCode())
          .isEqualTo(200);
      assertThat(get(own, server, "/live", "Origin", "https://evil.example").statusCode())
          .isEqualTo(403);
      try (SSLSocket socket = SecureClient.connect(own, server.port())) {
        socket
            .getOutputStream()
            .write(
                "GET /v1/rooms/a/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
        server.publish("b", "1");
        String begin = new String(socket.getInputStream().readNBytes(15), ISO_8859_1);
        assertThat(begin).isEqualTo("HTTP/1.1 200 OK");
      }
    }
  }

  @Test
  void theCommandLineTrustsWhatItIsTold() throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    TlsFiles files = own.writeTo(directory);
    try (CliProcess serve =
        CliProcess.start(
            Map.of("ROOMCAST_TLS_KEY", files.key().toString()),
            "serve",
            "--port",
            "0",
            "--commands-per-second",
            "0",
            "--tls-cert",
            files.certificate().toString())) {
      String url = serve.line("websocket").replaceAll(".*(wss://.*)", "$1");
      assertThat(url).startsWith("wss://localhost:").endsWith("/ws");
      assertThat(serve.line("tls")).contains("BoringSSL, certificate until ");
      try (CliProcess pub =
              CliProcess.start(
                  "pub", "--url", url, "--tls-ca", files.certificate().toString(), "a", "hi");
          CliProcess strange = CliProcess.start("pub", "--url", url, "a", "hi");
          CliProcess nothing =
              CliProcess.start(
                  "pub", "--url", url, "--tls-ca", files.key().toString(), "a", "hi")) {
        assertThat(pub.exitCode()).isZero();
        assertThat(pub.errors()).isEmpty();
        assertThat(strange.exitCode()).isEqualTo(1);
        assertThat(strange.errors()).contains("certificat").hasLineCount(1);
        assertThat(nothing.exitCode()).isEqualTo(1);
        assertThat(nothing.errors()).contains("has no certificates; expected PEM").hasLineCount(1);
      }
      try (CliProcess bench =
          CliProcess.start(
              "bench", "--url", url, "--members", "10", "--warmup", "1", "--seconds", "1")) {
        assertThat(bench.exitCode()).isZero();
      }
      // SIGHUP looks at the files also where no settings came from a file.
      Certificates.make(directory, "next").writeTo(directory);
      Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(serve.pid())).start();
      assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> serve.errorsSoFar().contains("certificate for CN=next until"));
      serve.terminate();
      assertThat(serve.exitCode()).isZero();
    }
  }
}
