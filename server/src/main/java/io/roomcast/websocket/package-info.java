/**
 * The WebSocket front: RFC 6455 without extensions, one handler and one object a connection.
 *
 * <p>{@link io.roomcast.websocket.Handshake} turns an HTTP connection into a {@link
 * io.roomcast.websocket.WebSocketConnection}; {@link io.roomcast.websocket.FrameReader} takes
 * frames apart; {@link io.roomcast.websocket.Outbox} is the bounded way out.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.websocket;
