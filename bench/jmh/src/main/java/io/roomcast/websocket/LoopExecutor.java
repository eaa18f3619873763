package io.roomcast.websocket;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs benchmarks on threads like those of event loops: on others Netty recycles no objects. */
public final class LoopExecutor extends ThreadPoolExecutor {
  /** Called by JMH. */
  public LoopExecutor(int threads, String prefix) {
    super(
        threads,
        threads,
        1,
        TimeUnit.MINUTES,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix));
  }
}
