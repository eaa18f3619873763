/**
 * Faults against real servers under a load with a ledger: Redis, nodes, networks and clients are
 * killed, frozen, cut and flooded, and afterwards nothing may be missing in silence, doubled or out
 * of order. {@code FaultsIT} runs each in a short form with the tests; {@code bench/faults} in
 * full.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.faults;
