package io.roomcast.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.roomcast.room.LogEvent;
import io.roomcast.room.Time;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's end of TLS: versions 1.2 and 1.3, HTTP/1.1 within, no renegotiation. Its files are
 * looked at every {@value #LOOK_SECONDS} s, on a thread of its own: what has changed, and has stood
 * still for a look, holds for connections that begin then. Files that cannot be served change
 * nothing, are logged once, and are counted.
 *
 * <p>Thread-safe.
 */
public final class Tls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

  /** Between two looks at the files. */
  static final int LOOK_SECONDS = 2;

  /** Sessions that may be taken up again; beyond these a client has a whole handshake. */
  private static final int SESSIONS = 10_000;

  private static final int SESSION_SECONDS = 300;

  /** For the last word of TLS to leave before a connection is closed all the same. */
  private static final int LAST_WORD_MILLIS = 1000;

  static {
    // Read by the JDK's TLS when it is first used; BoringSSL never renegotiates as a server.
    String renegotiation = "jdk.tls.rejectClientInitiatedRenegotiation";
    if (System.getProperty(renegotiation) == null) {
      System.setProperty(renegotiation, "true");
    }
  }

  private final TlsFiles files;
  private final TlsProvider provider;
  private final Time time;
  private final LongAdder failed = new LongAdder();
  private final LongAdder taken = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("roomcast-tls", true));

  private volatile Served served;

  // Guarded by this.

  /** What was in the files at the last look; and when they were last judged, good or not. */
  private String seen;

  private String judged;

  private boolean expiryTold;

  /** What connections begin with. */
  private record Served(SslContext context, ServerCertificate certificate) {}

  private Tls(TlsFiles files, TlsProvider provider, Time time) {
    this.files = files;
    this.provider = provider;
    this.time = time;
    judged = files.fingerprint();
    seen = judged;
    ServerCertificate certificate = files.read();
    served = new Served(context(certificate), certificate);
    tell(served);
  }

  /**
   * Reads the files, and looks at them from then on.
   *
   * @throws IllegalArgumentException when they cannot be served; the message says which and why
   */
  public static Tls open(TlsFiles files, TlsProvider provider, Time time) {
    Tls tls = new Tls(files, provider, time);
    Future<?> looks =
        tls.looking.scheduleWithFixedDelay(tls::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    assert !looks.isDone();
    return tls;
  }

  private SslContext context(ServerCertificate certificate) {
    try {
      return SslContextBuilder.forServer(certificate.key(), certificate.chain())
          .sslProvider(provider.provider())
          .protocols("TLSv1.3", "TLSv1.2")
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  List.of(ApplicationProtocolNames.HTTP_1_1)))
          .sessionCacheSize(SESSIONS)
          .sessionTimeout(SESSION_SECONDS)
          .build();
    } catch (SSLException e) {
      throw new IllegalArgumentException(
          files.certificate() + " cannot be served by " + provider.label() + ": " + e.getMessage(),
          e);
    }
  }

  /** Puts TLS in front of a connection that has just been accepted. On its event loop. */
  public void secure(ChannelPipeline pipeline) {
    SslHandler handler = handler(pipeline.channel().alloc());
    // The connection's own deadline ends a handshake that does not.
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(LAST_WORD_MILLIS);
    pipeline.addLast(new NoReadAfterClose(), handler, new TlsHandshake(failed));
  }

  private SslHandler handler(ByteBufAllocator allocator) {
    while (true) {
      SslContext now = served.context();
      try {
        ReferenceCountUtil.retain(now);
      } catch (IllegalReferenceCountException replaced) {
        continue;
      }
      try {
        return now.newHandler(allocator);
      } finally {
        ReferenceCountUtil.release(now);
      }
    }
  }

  private synchronized void look() {
    try {
      String now = files.fingerprint();
      if (now.equals(seen) && !now.equals(judged)) {
        renew();
      }
      seen = now;
      tellExpiry(served.certificate());
    } catch (RuntimeException | OutOfMemoryError e) {
      // A look that threw would be the last one.
      LOG.error(LogEvent.FAULT.marker(), "a look at the certificate failed", e);
    }
  }

  /**
   * Looks at the files now.
   *
   * @return whether what is in them is what connections now begin with
   */
  public synchronized boolean renew() {
    judged = files.fingerprint();
    try {
      ServerCertificate next = files.read();
      if (!next.equals(served.certificate())) {
        Served former = served;
        served = new Served(context(next), next);
        // Connections have claims of their own on it.
        ReferenceCountUtil.release(former.context());
        taken.increment();
        tell(served);
      }
      return true;
    } catch (IllegalArgumentException e) {
      refused.increment();
      LOG.error(
          LogEvent.TLS_REFUSED.marker(),
          "Certificate not taken, the one for {} stays: {}",
          served.certificate().subject(),
          e.getMessage());
      return false;
    }
  }

  private void tell(Served now) {
    ServerCertificate certificate = now.certificate();
    LOG.info(
        LogEvent.TLS_CERTIFICATE.marker(),
        "TLS by {}, certificate for {} until {}",
        provider.label(),
        certificate.subject(),
        certificate.expires());
    if (certificate.begins().toEpochMilli() > time.wallMillis()) {
      LOG.warn(
          LogEvent.TLS_EXPIRED.marker(),
          "The certificate for {} is not good before {}",
          certificate.subject(),
          certificate.begins());
    }
    expiryTold = false;
    tellExpiry(certificate);
  }

  private void tellExpiry(ServerCertificate certificate) {
    if (!expiryTold && certificate.expires().toEpochMilli() <= time.wallMillis()) {
      expiryTold = true;
      LOG.warn(
          LogEvent.TLS_EXPIRED.marker(),
          "The certificate for {} expired at {}: clients will refuse it",
          certificate.subject(),
          certificate.expires());
    }
  }

  /** Who computes. */
  public TlsProvider provider() {
    return provider;
  }

  /** When the certificate of new connections ends to be good. */
  public Instant expires() {
    return served.certificate().expires();
  }

  /** Handshakes that came to nothing after they had begun. */
  public long failedHandshakes() {
    return failed.sum();
  }

  /** Changes of the files, by what became of them. */
  public Map<String, LongAdder> renewals() {
    return Map.of("taken", taken, "refused", refused);
  }

  /** Looks no more. Connections that are there stay. */
  @Override
  public void close() {
    looking.shutdownNow();
    synchronized (this) {
      ReferenceCountUtil.release(served.context());
    }
  }
}
