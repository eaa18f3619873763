package io.roomcast.testing;

import io.roomcast.tls.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for this machine's own names, signed by itself, made by the JDK's keytool.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8
 */
public record Certificates(String certificate, String key, Certificate trusted) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** One with an EC key, good for a year from now. */
  public static Certificates make(Path directory, String name) {
    return make(directory, name, List.of("-keyalg", "EC", "-groupname", "secp256r1"));
  }

  /** One of which keytool is told more. */
  public static Certificates make(Path directory, String name, List<String> options) {
    try {
      Path store = Files.createTempDirectory(directory, "keytool").resolve("store.p12");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "server",
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  new String(PASSWORD),
                  "-keystore",
                  store.toString(),
                  "-dname",
                  "CN=" + name,
                  "-ext",
                  "san=dns:localhost,ip:127.0.0.1"));
      command.addAll(options);
      Process keytool =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(store.resolveSibling("log").toFile())
              .start();
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new AssertionError(Files.readString(store.resolveSibling("log")));
      }
      return read(store);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Certificates read(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Certificate certificate = keys.getCertificate("server");
    return new Certificates(
        pem("CERTIFICATE", certificate.getEncoded()),
        pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()),
        certificate);
  }

  /** Bytes as PEM has them. */
  public static String pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  /** Writes both into a directory, in place of what was there. */
  public TlsFiles writeTo(Path directory) {
    try {
      return new TlsFiles(
          Files.writeString(directory.resolve("tls.crt"), certificate),
          Files.writeString(directory.resolve("tls.key"), key));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What a client trusts that knows this certificate alone. */
  public SSLContext client() {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("server", trusted);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
