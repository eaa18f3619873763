/**
 * The broker of several nodes: Redis Pub/Sub, by Lettuce.
 *
 * <p>{@link io.roomcast.redis.RedisBroker} wires the parts. {@code Publisher} and {@code
 * Subscriber} have a connection each, kept up by a {@code Link}; {@code Subscriptions} is the
 * reconciler of what the node wants and what Redis has confirmed; {@code Probe} finds out whether
 * what is published really arrives; {@code Envelope} is what travels.
 *
 * <p>Threads: the <em>owner</em>, one thread of a broker, decides: it connects, reconnects, sends
 * commands and keeps the deadlines. Lettuce's I/O threads bring confirmations and messages, and all
 * events of rooms leave on the one that reads the subscribing connection, which gives them one
 * order. On one or two processors all these are one event loop, which the server's first lane is on
 * too, where the transport allows it ({@code LentLoop}). Lettuce never reconnects, resubscribes or
 * repeats anything by itself.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.redis;
