package io.roomcast.config;

/**
 * TLS on the ports that are listened on. Empty where it is ended by somebody else.
 *
 * @param certificate a PEM file: the server's certificate, and behind it those that vouch for it
 * @param key a PEM file with its private key: PKCS#8, no password
 */
public record TlsConfig(String certificate, String key) {
  /** None. */
  public static final TlsConfig NONE = new TlsConfig("", "");

  /** Whether there is TLS. */
  public boolean any() {
    return !certificate.isEmpty();
  }

  void check() {
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException(
          "tls-cert and tls-key belong together; only "
              + (key.isEmpty() ? "tls-cert" : "tls-key")
              + " is given");
    }
  }
}
