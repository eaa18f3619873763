/**
 * The Java client library. {@link io.roomcast.client.RoomcastClient} is its door: a lasting link to
 * a server, which comes back by itself, and rooms on it.
 *
 * <p><b>Threads.</b> Everything public may be called from any thread, virtual ones included, and
 * none of it blocks. A client has one thread of its own, on which all its state lives; listeners,
 * subscribers, the source of tokens and what hangs on a future run on the executor of {@link
 * io.roomcast.client.ClientOptions}, listeners and subscribers one call at a time and in order.
 */
@NullMarked
package io.roomcast.client;

import org.jspecify.annotations.NullMarked;
