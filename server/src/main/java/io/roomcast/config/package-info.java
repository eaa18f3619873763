/** The settings of a server, as one immutable record. */
@org.jspecify.annotations.NullMarked
package io.roomcast.config;
