package io.roomcast.memory;

import io.roomcast.room.Cluster;
import io.roomcast.room.ClusterContract;
import java.util.List;

class MemoryClusterTest extends ClusterContract {
  @Override
  protected List<Cluster> create() {
    return List.of(new MemoryCluster());
  }
}
