package io.roomcast.memory;

import io.roomcast.room.Broker;
import io.roomcast.room.BrokerContract;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;

class MemoryBrokerTest extends BrokerContract {
  @Override
  protected Broker create() {
    return new MemoryBroker(Rulebook.EMPTY, Time.SYSTEM);
  }
}
