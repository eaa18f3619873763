/**
 * TLS where this server ends it: its certificate's files, which are looked at again while it runs;
 * the handler before a connection's first one; and how a direction ends with or without TLS.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.tls;
