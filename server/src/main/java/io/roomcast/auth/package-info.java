/** Who a client is: signed tokens. */
@org.jspecify.annotations.NullMarked
package io.roomcast.auth;
