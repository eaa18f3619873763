package io.roomcast.http;

import java.io.IOException;
import java.io.OutputStream;

/** Where {@code /metrics} comes from. Called from any thread, never from a lane's. */
@FunctionalInterface
public interface MetricsSource {
  /** Writes all metrics in the Prometheus text format, version 0.0.4. Does not close the stream. */
  void writeTo(OutputStream out) throws IOException;
}
