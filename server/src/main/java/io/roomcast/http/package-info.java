/**
 * The HTTP front: publish with {@code curl}, read a room as Server-Sent Events, list rooms, tell of
 * health and metrics, and hand out the console's files.
 *
 * <p>The way in: {@link io.roomcast.http.HttpConnection} gathers one request at a time into an
 * {@code Exchange}; {@link io.roomcast.http.HttpRoutes} finds who answers it. A reader of events
 * becomes a session: {@code EventStream} then takes the connection over.
 *
 * <p>Threads: a connection and all that belongs to it live on one lane. Routes are shared and
 * immutable.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.http;
