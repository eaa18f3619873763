package io.roomcast.memory;

import io.roomcast.room.Cluster;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.LogEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster of one node: what is asked of all is asked of this one. */
public final class MemoryCluster implements Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryCluster.class);
  private static final Answers NOBODY = new Answers(List.of(), 0, false);
  private static final Answers SILENT = new Answers(List.of(), 1, true);

  private volatile @Nullable Local local;

  @Override
  public void start(Local local) {
    this.local = local;
  }

  @Override
  public void ask(ClusterCommand command, Callback callback) {
    Local to = local;
    if (to == null) {
      callback.done(NOBODY);
    } else {
      Thread.ofVirtual().name("roomcast-cluster").start(() -> carryOut(to, command, callback));
    }
  }

  private static void carryOut(Local to, ClusterCommand command, Callback callback) {
    Answers answers = SILENT;
    try {
      answers = new Answers(List.of(to.carryOut(command)), 0, true);
    } catch (RuntimeException e) {
      LOG.warn(LogEvent.COMMAND_FAILED.marker(), "not carried out: {}", e.getMessage());
    }
    callback.done(answers);
  }

  @Override
  public void close() {
    local = null;
  }
}
