/** The command line: {@code serve}, {@code sub}, {@code pub}, {@code token}. */
@org.jspecify.annotations.NullMarked
package io.roomcast.cli;
