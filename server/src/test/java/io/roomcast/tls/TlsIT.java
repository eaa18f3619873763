package io.roomcast.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.room.Time;
import io.roomcast.testing.Certificates;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS by every transport and every provider. */
final class TlsIT {
  private static final String LIVE = "GET /live HTTP/1.1\r\nHost: localhost\r\n";
  private static final int MESSAGES = 1000;

  @TempDir private static Path directory;
  private static Certificates certificates;
  private static TlsFiles files;

  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void certify() {
    certificates = Certificates.make(directory, "localhost");
    files = certificates.writeTo(directory);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  static Stream<Arguments> ways() {
    return TestServer.transports().stream()
        .flatMap(
            transport ->
                Stream.of(TlsProvider.values()).map(provider -> Arguments.of(transport, provider)));
  }

  private Tls tls(TlsProvider provider) {
    Tls tls = Tls.open(files, provider, Time.SYSTEM);
    open.add(tls);
    return tls;
  }

  private TestServer serve(NativeTransport transport, Tls tls) throws IOException {
    TestServer server = TestServer.secure(transport, tls, Limits.DEFAULT.withCommandsPerSecond(0));
    open.add(server);
    return server;
  }

  @Test
  void theNativeProviderIsThere() {
    assertThat(TlsProvider.best()).isEqualTo(TlsProvider.NATIVE);
    assertThat(TlsProvider.NATIVE.label()).isEqualTo("BoringSSL");
    assertThat(TlsProvider.JDK.label()).isEqualTo("the JDK");
  }

  /** The frame that members share must reach each of them as it is. */
  @ParameterizedTest
  @MethodSource("ways")
  void everyMemberHearsEveryMessageAsItWasSent(NativeTransport transport, TlsProvider provider)
      throws Exception {
    TestServer server = serve(transport, tls(provider));
    try (ExecutorService hearing = Executors.newVirtualThreadPerTaskExecutor();
        RawWebSocket sender = SecureClient.webSocket(certificates, server.port())) {
      List<RawWebSocket> members = new ArrayList<>();
      List<Future<List<String>>> heard = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        RawWebSocket member = SecureClient.webSocket(certificates, server.port());
        members.add(member);
        member.join("room1");
        heard.add(hearing.submit(() -> hear(member)));
      }
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        String message = "\"" + i + " " + "x".repeat(i % 50 == 0 ? 20_000 : i % 300) + "\"";
        sent.add("{\"type\":\"message\",\"room\":\"room1\",\"message\":" + message + "}");
        sender.say("{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":" + message + "}");
      }
      for (Future<List<String>> member : heard) {
        assertThat(member.get(60, TimeUnit.SECONDS)).isEqualTo(sent);
      }
      members.forEach(RawWebSocket::close);
    }
    server.awaitSize(0, 0, 0);
  }

  private static List<String> hear(RawWebSocket member) throws IOException {
    List<String> heard = new ArrayList<>();
    while (heard.size() < MESSAGES) {
      heard.add(member.hear());
    }
    return heard;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void requestsAreAnsweredByBothVersions(NativeTransport transport, TlsProvider provider)
      throws IOException {
    TestServer server = serve(transport, tls(provider));
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = SecureClient.connect(certificates, server.port(), version)) {
        assertThat(SecureClient.ask(socket, LIVE + "Connection: close\r\n\r\n"))
            .startsWith("HTTP/1.1 200 OK\r\n")
            .endsWith("{\"status\":\"live\"}");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void http11IsWhatIsSpoken(NativeTransport transport, TlsProvider provider) throws IOException {
    TestServer server = serve(transport, tls(provider));
    try (Socket plain = SecureClient.plain(server.port());
        SSLSocket socket =
            (SSLSocket)
                certificates
                    .client()
                    .getSocketFactory()
                    .createSocket(plain, "localhost", server.port(), true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
    }
  }

  /** A refusal must not be overtaken by a reset, and ends as TLS wants it. */
  @ParameterizedTest
  @MethodSource("ways")
  void aRefusalIsReadToItsEnd(NativeTransport transport, TlsProvider provider) throws IOException {
    TestServer server = serve(transport, tls(provider));
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = SecureClient.connect(certificates, server.port(), version)) {
        String request =
            "POST /v1/rooms/a/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n";
        // Without the end that TLS wants, this would throw.
        assertThat(SecureClient.ask(socket, request + "x".repeat(30_000)))
            .startsWith("HTTP/1.1 413 ")
            .contains("\"status\":413");
      }
      try (RawWebSocket client =
          RawWebSocket.over(SecureClient.connect(certificates, server.port(), version)).upgrade()) {
        client.send(Frames.unmasked(Frames.FIN | Frames.TEXT, (byte) 'a'));
        RawWebSocket.Ending end = client.end();
        assertThat(end.code()).isEqualTo(1002);
        assertThat(end.reset()).isFalse();
      }
    }
  }

  /** What comes in place of a handshake, and how it is called. */
  private static List<String> noHandshakes() {
    return List.of(
        LIVE + "\r\n",
        LIVE + "X: " + "x".repeat(60_000) + "\r\n\r\n",
        "\u0000".repeat(100),
        "SSH-2.0-OpenSSH_9.6\r\n",
        // SSL 2, and a record of TLS with an alert where a handshake begins.
        "\u0080.\u0001\u0003\u0001" + "\u0000".repeat(43),
        "\u0015\u0003\u0003\u0000\u0002\u0002(");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatIsNoHandshakeIsClosedAtOnce(NativeTransport transport, TlsProvider provider)
      throws IOException {
    Tls tls = tls(provider);
    TestServer server = serve(transport, tls);
    long failed = 0;
    for (String text : noHandshakes()) {
      try (Socket socket = SecureClient.plain(server.port())) {
        socket.setSoTimeout(3000);
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        assertThat(new String(SecureClient.toTheEnd(socket), ISO_8859_1))
            .as(text)
            .doesNotContain("HTTP/1.1");
      }
      failed++;
      long expected = failed;
      await().until(() -> tls.failedHandshakes() == expected);
    }
    assertServes(server);
  }

  private static void assertServes(TestServer server) throws IOException {
    try (SSLSocket socket = SecureClient.connect(certificates, server.port())) {
      assertThat(SecureClient.ask(socket, LIVE + "Connection: close\r\n\r\n")).contains("live");
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void oldVersionsAreRefused(NativeTransport transport, TlsProvider provider) throws IOException {
    Tls tls = tls(provider);
    TestServer server = serve(transport, tls);
    for (int minor : List.of(0, 1, 2)) {
      try (Socket socket = SecureClient.plain(server.port())) {
        socket.getOutputStream().write(ClientHello.of(minor));
        byte[] answer = SecureClient.toTheEnd(socket);
        // An alert, and no hello of the server.
        assertThat(answer.length == 0 || answer[0] == 21).as("3." + minor).isTrue();
      }
    }
    await().until(() -> tls.failedHandshakes() == 3);
    try (Socket socket = SecureClient.plain(server.port())) {
      socket.getOutputStream().write(ClientHello.of(3));
      assertThat(socket.getInputStream().read()).as("the same as TLS 1.2").isEqualTo(22);
    }
  }

  /** In records of 16 KiB, of which the first says how much it is to become. */
  @ParameterizedTest
  @MethodSource("ways")
  void aHelloOf16MiBIsRefusedBeforeItIsThere(NativeTransport transport, TlsProvider provider)
      throws IOException {
    Tls tls = tls(provider);
    TestServer server = serve(transport, tls);
    try (Socket socket = SecureClient.plain(server.port())) {
      int sent = 0;
      try {
        for (byte[] part : ClientHello.endless(16 << 20)) {
          socket.getOutputStream().write(part);
          sent += part.length;
        }
      } catch (IOException closed) {
        // What is expected, sooner or later.
      }
      byte[] answer = SecureClient.toTheEnd(socket);
      assertThat(answer.length == 0 || answer[0] == 21).isTrue();
      // Beyond what the buffers of two sockets hold, nothing was taken.
      assertThat(sent).isLessThan(12 << 20);
    }
    await().until(() -> tls.failedHandshakes() == 1);
    assertServes(server);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aClientDoesNotShakeHandsTwice(NativeTransport transport, TlsProvider provider)
      throws IOException {
    TestServer server = serve(transport, tls(provider));
    try (SSLSocket socket = SecureClient.connect(certificates, server.port(), "TLSv1.2")) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write((LIVE + "\r\n").getBytes(ISO_8859_1));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                socket.getInputStream().readAllBytes();
              })
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(java.net.SocketTimeoutException.class);
    }
    assertServes(server);
  }

  /** The whole start of a connection has 10 s, whatever part of it is slow. */
  @Test
  void whoDoesNotComeToAnEndIsClosed() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Double>> closed = new ArrayList<>();
      for (NativeTransport transport : TestServer.transports()) {
        for (TlsProvider provider : TlsProvider.values()) {
          closed.addAll(slowClients(serve(transport, tls(provider)).port(), clients));
        }
      }
      for (Future<Double> one : closed) {
        assertThat(one.get(30, TimeUnit.SECONDS)).isBetween(8.5, 14.0);
      }
    }
  }

  private static List<Future<Double>> slowClients(int port, ExecutorService clients) {
    byte[] hello = ClientHello.of(3);
    byte[] request = "GET /live HTTP/1.1\r\nHost: localhost".getBytes(ISO_8859_1);
    return List.of(
        clients.submit(() -> closedAfter(SecureClient.plain(port), new byte[0])),
        clients.submit(() -> closedAfter(SecureClient.plain(port), hello)),
        clients.submit(() -> closedAfter(SecureClient.connect(certificates, port), request)));
  }

  /** Says a byte every half second; tells after how many seconds it was closed. */
  private static double closedAfter(Socket socket, byte[] bytes) throws IOException {
    long start = System.nanoTime();
    try (socket) {
      socket.setSoTimeout(500);
      for (int i = 0; System.nanoTime() - start < Duration.ofSeconds(25).toNanos(); i++) {
        try {
          if (i < bytes.length) {
            socket.getOutputStream().write(bytes, i, 1);
          }
          if (socket.getInputStream().read() < 0) {
            break;
          }
        } catch (java.net.SocketTimeoutException e) {
          // Still there.
        } catch (IOException e) {
          break;
        }
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
