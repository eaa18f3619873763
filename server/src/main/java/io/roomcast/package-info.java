/** The doors of Roomcast. */
@org.jspecify.annotations.NullMarked
package io.roomcast;
