package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.roomcast.testing.FaultProxy.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault is one that both ends see, and only while it is asked for. */
@Timeout(30)
final class FaultProxyIT {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int SILENCE_MILLIS = 300;

  private ServerSocket listener = unbound();
  private FaultProxy proxy = FaultProxy.before(1);
  private Socket client = new Socket();
  private Socket server = new Socket();

  private static ServerSocket unbound() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void connect() throws IOException {
    proxy.close();
    listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    proxy = FaultProxy.before(listener.getLocalPort());
    client = open();
    server = listener.accept();
    server.setSoTimeout(PATIENCE_MILLIS);
    passes(client, server);
    passes(server, client);
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    server.close();
    proxy.close();
    listener.close();
  }

  private Socket open() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void passes(Socket from, Socket to) throws IOException {
    from.getOutputStream().write("hello".getBytes(UTF_8));
    assertThat(to.getInputStream().readNBytes(5)).isEqualTo("hello".getBytes(UTF_8));
  }

  private static void silent(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  private static void wasReset(Socket socket) {
    assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void passesOnAndCounts() {
    // Counted once it has been passed on, and so may be read before it is counted.
    await().until(() -> proxy.passed(Way.TO_SERVER) == 5 && proxy.passed(Way.TO_CLIENT) == 5);
    assertThat(proxy.accepted()).isEqualTo(1);
    assertThat(proxy.open()).isEqualTo(1);
  }

  @Test
  void passesOnTheEnd() throws IOException {
    client.close();
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    server.close();
    await().until(() -> proxy.open() == 0);
  }

  @Test
  void delays() throws IOException {
    proxy.delay(Duration.ofMillis(200));
    long begin = System.nanoTime();
    passes(client, server);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(199));
  }

  @Test
  void isNarrow() throws IOException {
    proxy.bandwidth(Way.TO_SERVER, 20_000);
    long begin = System.nanoTime();
    client.getOutputStream().write(new byte[10_000]);
    server.getInputStream().readNBytes(10_000);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void swallowsAndLetsGoAgain() throws IOException {
    proxy.blackHole(true);
    client.getOutputStream().write("held!".getBytes(UTF_8));
    silent(server);
    server.getOutputStream().write("held?".getBytes(UTF_8));
    silent(client);
    try (Socket late = open()) {
      silent(late);
    }
    proxy.blackHole(false);
    assertThat(server.getInputStream().readNBytes(5)).isEqualTo("held!".getBytes(UTF_8));
    assertThat(client.getInputStream().readNBytes(5)).isEqualTo("held?".getBytes(UTF_8));
  }

  @Test
  void takesNoMoreThanItMayHoldWhileItIsABlackHole() throws Exception {
    proxy.blackHole(true);
    client.setSoTimeout(SILENCE_MILLIS);
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    client.getOutputStream().write(new byte[64 * 1024 * 1024]);
                  } catch (IOException e) {
                    // Ended with the test.
                  }
                });
    assertThat(writer.join(Duration.ofMillis(SILENCE_MILLIS))).as("64 MB were taken in").isFalse();
    client.close();
  }

  @Test
  void isDeadInOneDirection() throws IOException {
    proxy.hold(Way.TO_CLIENT, true);
    passes(client, server);
    server.getOutputStream().write(1);
    silent(client);
  }

  @Test
  void closesHalf() throws IOException {
    proxy.halfClose(Way.TO_SERVER);
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    passes(server, client);
    client.getOutputStream().write(1);
    passes(server, client);
  }

  @Test
  void resets() {
    proxy.reset();
    wasReset(client);
    wasReset(server);
    assertThat(proxy.open()).isZero();
  }

  @Test
  void cutsAfterSomeBytes() throws IOException {
    proxy.cutAfter(Way.TO_CLIENT, 3);
    server.getOutputStream().write("hello".getBytes(UTF_8));
    server.getOutputStream().flush();
    wasReset(server);
    assertThat(proxy.passed(Way.TO_CLIENT)).isEqualTo(5 + 3);
    wasReset(client);
    proxy.uncut(Way.TO_CLIENT);
    try (Socket again = open();
        Socket peer = listener.accept()) {
      passes(peer, again);
    }
  }

  @Test
  void refuses() throws IOException {
    proxy.refuse(true);
    try (Socket late = open()) {
      wasReset(late);
    }
    passes(client, server);
  }

  @Test
  void endsConnectionsWithoutAServer() throws IOException {
    listener.close();
    try (Socket late = open()) {
      wasReset(late);
    }
  }
}
