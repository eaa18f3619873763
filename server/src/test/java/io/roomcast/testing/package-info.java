/**
 * What several tests need: stand-ins for the core's ports, real processes, a real browser, and
 * plain clients that know nothing of the product.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.testing;
