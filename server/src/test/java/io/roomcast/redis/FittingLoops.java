package io.roomcast.redis;

import io.roomcast.net.Loops;
import io.roomcast.net.NativeTransport;
import io.roomcast.testing.TestServer;

/** Event loops as a server has them, of the transport that Lettuce takes in this process. */
final class FittingLoops {
  private FittingLoops() {}

  static Loops open() {
    NativeTransport transport =
        TestServer.transports().stream()
            .filter(one -> LentLoop.fits(one.socketChannel()))
            .findFirst()
            .orElseThrow();
    return Loops.open(transport, 1);
  }
}
