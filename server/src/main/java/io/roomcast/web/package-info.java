/** What requests that this server makes have in common. */
@org.jspecify.annotations.NullMarked
package io.roomcast.web;
