/**
 * The wire: what a client may say ({@link io.roomcast.protocol.Command}), what it is answered
 * ({@link io.roomcast.protocol.Reply}), what it is told ({@link io.roomcast.protocol.Event}), and
 * the closed lists of error and close codes. PROTOCOL.md describes the same in words.
 *
 * <p>Everything here is stateless or immutable and may be used from any thread, unless its own
 * documentation says otherwise.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.protocol;
