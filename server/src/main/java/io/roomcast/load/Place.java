package io.roomcast.load;

/**
 * A room of a run with a ledger.
 *
 * @param recovers whether its members come back with their position
 * @param keyed whether publishers repeat with a key
 */
record Place(int number, String name, boolean recovers, boolean keyed) {}
