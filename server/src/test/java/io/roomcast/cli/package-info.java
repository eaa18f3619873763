@org.jspecify.annotations.NullMarked
package io.roomcast.cli;
