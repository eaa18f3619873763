package io.roomcast.memory;

import io.roomcast.room.Broker;
import io.roomcast.room.BrokerContract;

class MemoryBrokerTest extends BrokerContract {
  @Override
  protected Broker create() {
    return new MemoryBroker();
  }
}
