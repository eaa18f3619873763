/**
 * The load tool behind {@code roomcast bench}: drives a WebSocket server with rooms of members,
 * checks by itself that nothing is lost, doubled or out of order, and measures what the server
 * takes for it.
 *
 * <p>{@link io.roomcast.load.LoadRun} is the door. Everything else runs on one event loop and is
 * touched by its thread alone; the calling thread only sleeps, prints progress and samples {@code
 * /proc}. So the tool needs one core, and its own cost a delivery is part of every report.
 *
 * <p>The package knows the wire from outside, as any client does: it shares no code with the
 * server, so that a bug of the one cannot hide in the other.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.load;
