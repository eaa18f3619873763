/**
 * The doors of Roomcast: {@link io.roomcast.Main} for the command line, {@link
 * io.roomcast.Roomcast} for a Java program.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast;
