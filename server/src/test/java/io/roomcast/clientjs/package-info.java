/** The JavaScript client: its own tests, and what it does with the running server. */
@NullMarked
package io.roomcast.clientjs;

import org.jspecify.annotations.NullMarked;
