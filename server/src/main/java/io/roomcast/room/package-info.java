/**
 * The core: sessions join rooms, and what is sent to a room reaches its members. Plain Java, no
 * I/O.
 *
 * <p>The way out: {@code Broker -> Node.onPublication -> Hub -> Lane -> Room -> Session.send ->
 * Transport}. The way in: {@code Node.<command> -> Broker.publish}.
 *
 * <p>The ports that others implement are declared here: {@link io.roomcast.room.Transport}, {@link
 * io.roomcast.room.Encoding}, {@link io.roomcast.room.Broker}, {@link
 * io.roomcast.room.Authenticator} and {@link io.roomcast.room.Telemetry}.
 *
 * <p>Threads: a {@link io.roomcast.room.Lane} is one event loop; a session, and one lane's share of
 * a room, are touched by that thread alone. Whatever crosses threads goes through {@link
 * io.roomcast.room.Hub} and a lane's queue.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.room;
