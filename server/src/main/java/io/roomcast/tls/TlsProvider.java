package io.roomcast.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Who computes. */
public enum TlsProvider {
  /** BoringSSL, where its library can be loaded. */
  NATIVE(SslProvider.OPENSSL_REFCNT),
  /** Java's own. */
  JDK(SslProvider.JDK);

  private final SslProvider provider;

  TlsProvider(SslProvider provider) {
    this.provider = provider;
  }

  /** The quicker one that works here. */
  public static TlsProvider best() {
    return OpenSsl.isAvailable() ? NATIVE : JDK;
  }

  SslProvider provider() {
    return provider;
  }

  /** The name that people use. */
  public String label() {
    return this == JDK ? "the JDK" : OpenSsl.versionString();
  }
}
