/** The page at {@code /}, tested in a real browser. */
@org.jspecify.annotations.NullMarked
package io.roomcast.console;
