package io.roomcast.memory;

import io.roomcast.room.PresenceContract;
import io.roomcast.room.Time;

final class MemoryPresenceTest extends PresenceContract {
  @Override
  protected Station create() {
    MemoryBroker broker = new MemoryBroker(RULES, Time.SYSTEM);
    return new Station(broker, new MemoryPresence(broker));
  }
}
