/**
 * A program of the operator's that decides in place of tokens and rules, and is told what happens.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.webhook;
