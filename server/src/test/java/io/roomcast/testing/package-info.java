/** What several tests need: real processes, and plain clients that know nothing of the product. */
@org.jspecify.annotations.NullMarked
package io.roomcast.testing;
