package io.roomcast.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where a server's certificate is.
 *
 * @param certificate PEM: the server's certificate, and behind it those that vouch for it
 * @param key PEM: its private key, PKCS#8 without a password
 */
public record TlsFiles(Path certificate, Path key) {
  private static final int MOST_BYTES = 1 << 20;

  /**
   * Reads both.
   *
   * @throws IllegalArgumentException when they cannot be served; the message says which file and
   *     why, and shows nothing of the key
   */
  ServerCertificate read() {
    return ServerCertificate.of(
        certificate.toString(), text(certificate), key.toString(), text(key));
  }

  /** Looks whether both can be served, as {@link #read} does. */
  public void check() {
    var unused = read();
  }

  /** Differs when what is in the files differs; never fails. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(text(certificate).getBytes(StandardCharsets.ISO_8859_1));
      digest.update((byte) 0);
      digest.update(text(key).getBytes(StandardCharsets.ISO_8859_1));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IllegalArgumentException unreadable) {
      return String.valueOf(unreadable.getMessage());
    }
  }

  private static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IllegalArgumentException(file + " has more than " + MOST_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + " cannot be read: there is no such file", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
