/**
 * The Prometheus view of a server: counts what the core reports, asks it for what it has when
 * somebody looks, and writes both as text.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.metrics;
