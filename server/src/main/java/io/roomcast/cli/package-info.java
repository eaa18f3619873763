/** The command line: {@code serve}, {@code sub}, {@code pub}, {@code token}, {@code bench}. */
@org.jspecify.annotations.NullMarked
package io.roomcast.cli;
