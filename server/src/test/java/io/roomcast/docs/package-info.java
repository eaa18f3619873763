/** The pages below {@code docs/}, worked through as a reader would. */
@NullMarked
package io.roomcast.docs;

import org.jspecify.annotations.NullMarked;
