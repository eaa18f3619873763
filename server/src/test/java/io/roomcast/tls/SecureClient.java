package io.roomcast.tls;

import io.roomcast.testing.Certificates;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** Sockets to a server with TLS. */
final class SecureClient {
  private static final int WAIT_MILLIS = 20_000;

  private SecureClient() {}

  /** A socket that has shaken hands, by this version alone. */
  static SSLSocket connect(Certificates trusted, int port, String version) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            trusted.client().getSocketFactory().createSocket(plain(port), "localhost", port, true);
    socket.setEnabledProtocols(new String[] {version});
    socket.startHandshake();
    return socket;
  }

  static SSLSocket connect(Certificates trusted, int port) throws IOException {
    return connect(trusted, port, "TLSv1.3");
  }

  static RawWebSocket webSocket(Certificates trusted, int port) throws IOException {
    return RawWebSocket.over(connect(trusted, port)).upgrade();
  }

  /** A socket on which nothing has been said. */
  static Socket plain(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAIT_MILLIS);
    socket.setSoTimeout(WAIT_MILLIS);
    return socket;
  }

  /** Says something, and hears everything up to the end. */
  static String ask(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** How many bytes come before the end, which may be a reset. */
  static byte[] toTheEnd(Socket socket) throws IOException {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    try {
      in.transferTo(all);
    } catch (java.net.SocketException reset) {
      // Also an end.
    }
    return all.toByteArray();
  }
}
