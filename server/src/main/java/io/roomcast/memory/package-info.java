/** The broker of a node that stands alone: everything in this process. */
@org.jspecify.annotations.NullMarked
package io.roomcast.memory;
