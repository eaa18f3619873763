/** Tests of the client library, on a clock and with a server of the tests' own. */
@NullMarked
package io.roomcast.client;

import org.jspecify.annotations.NullMarked;
