/** Tests of TLS, on real sockets. */
@org.jspecify.annotations.NullMarked
package io.roomcast.tls;
