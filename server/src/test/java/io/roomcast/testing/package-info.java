/** Hand-written stand-ins for the core's ports, for tests that want a node without any I/O. */
@org.jspecify.annotations.NullMarked
package io.roomcast.testing;
