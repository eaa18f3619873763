package io.roomcast.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.Roomcast;
import io.roomcast.testing.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What certificates' files are told when they cannot be served. */
final class TlsFilesIT {
  @TempDir private static Path shared;
  private static Certificates ec;
  private static Certificates rsa;

  @TempDir private Path directory;

  @BeforeAll
  static void certify() {
    ec = Certificates.make(shared, "ec");
    rsa = Certificates.make(shared, "rsa", List.of("-keyalg", "RSA", "-keysize", "2048"));
  }

  private TlsFiles files(String certificate, String key) throws IOException {
    return new TlsFiles(
        Files.writeString(directory.resolve("a.crt"), certificate),
        Files.writeString(directory.resolve("a.key"), key));
  }

  private void assertRefused(String certificate, String key, String... words) throws IOException {
    TlsFiles files = files(certificate, key);
    assertThatThrownBy(files::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining(key.lines().skip(1).findFirst().orElse("-----"));
  }

  @Test
  void bothKindsAreTakenAlsoAmongOtherText() throws IOException {
    assertThat(files(ec.certificate(), ec.key()).read().subject()).isEqualTo("CN=ec");
    ServerCertificate two =
        files(
                "Bag Attributes\n" + rsa.certificate() + "# and\n" + ec.certificate(),
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                    + rsa.key())
            .read();
    assertThat(two.chain()).hasSize(2);
    assertThat(two.subject()).isEqualTo("CN=rsa");
    assertThat(two.expires()).isEqualTo(files(ec.certificate(), ec.key()).read().expires());
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    TlsFiles nothing = new TlsFiles(directory.resolve("no.crt"), directory.resolve("no.key"));
    assertThatThrownBy(nothing::check)
        .hasMessageContaining("no.crt cannot be read: there is no such file");
    assertRefused("", ec.key(), "a.crt has no certificate; expected PEM");
    assertRefused(ec.certificate(), "", "a.key has no private key; expected PKCS#8");
    assertRefused(ec.certificate(), ec.certificate(), "a.key has no private key");
    assertRefused(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ec.key(),
        "a.crt has a CERTIFICATE that is not X.509");
  }

  @Test
  void keysOfOtherFormsAreRefusedWithWhatConvertsThem() throws IOException {
    String convert = "openssl pkcs8 -topk8 -nocrypt";
    String bytes = Base64.getMimeEncoder().encodeToString(new byte[200]);
    for (String kind : List.of("RSA", "EC")) {
      String old =
          "-----BEGIN %s PRIVATE KEY-----\n%s\n-----END %s PRIVATE KEY-----\n"
              .formatted(kind, bytes, kind);
      assertRefused(ec.certificate(), old, "a.key has a key of the kind " + kind, convert);
    }
    assertRefused(
        ec.certificate(),
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
            + bytes
            + "\n-----END RSA PRIVATE KEY-----\n",
        "a.key has a key with a password",
        convert);
    assertRefused(
        ec.certificate(),
        ec.key().replace("PRIVATE", "ENCRYPTED PRIVATE"),
        "a.key has a key with a password",
        convert);
  }

  @Test
  void aKeyMustBeTheCertificates() throws IOException {
    Certificates other = Certificates.make(directory, "other");
    assertRefused(
        ec.certificate(), other.key(), "a.key is not the key of the first certificate in");
    assertRefused(ec.certificate(), rsa.key(), "a.key has no private key of the kind EC");
    assertRefused(
        ec.certificate() + rsa.certificate(), rsa.key(), "a.key has no private key of the kind EC");
    assertRefused(
        ec.certificate(), ec.key().replaceAll("(?m)^M.*$", "AAAA"), "a.key has no private key");
  }

  @Test
  void weakAndStrangeKeysAreRefused() throws IOException {
    Certificates weak =
        Certificates.make(directory, "weak", List.of("-keyalg", "RSA", "-keysize", "1024"));
    assertRefused(weak.certificate(), weak.key(), "an RSA key of fewer than 2048 bits");
    Certificates strange = Certificates.make(directory, "strange", List.of("-keyalg", "Ed25519"));
    assertRefused(strange.certificate(), strange.key(), "; expected RSA or EC");
  }

  @Test
  void aServerSaysSoBeforeItStarts() throws IOException {
    TlsFiles files = files(ec.certificate(), rsa.key());
    assertThatThrownBy(
            () -> Roomcast.builder().port(0).tls(files.certificate(), files.key()).start().close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.key has no private key of the kind EC");
    assertThatThrownBy(() -> Roomcast.builder().tls(files.certificate(), Path.of("")).config())
        .hasMessageContaining("tls-cert and tls-key belong together; only tls-cert is given");
    assertThatThrownBy(() -> Roomcast.builder().tls(Path.of(""), files.key()).config())
        .hasMessageContaining("only tls-key is given");
  }
}
