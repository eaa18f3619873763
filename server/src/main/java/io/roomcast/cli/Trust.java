package io.roomcast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What a client trusts that is told so, in place of what the JVM trusts. */
final class Trust {
  private Trust() {}

  /**
   * Reads the certificates of a PEM file.
   *
   * @throws IOException when there are none; says why
   */
  static SSLContext of(String file) throws IOException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new CertificateException();
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate : certificates) {
        store.setCertificateEntry(Integer.toString(store.size()), certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new IOException(file + " cannot be read: there is no such file", e);
    } catch (CertificateException e) {
      throw new IOException(file + " has no certificates; expected PEM (BEGIN CERTIFICATE)", e);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " cannot be trusted: " + e.getMessage(), e);
    }
  }
}
