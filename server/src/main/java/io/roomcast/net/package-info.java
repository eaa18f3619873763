/**
 * Where bytes meet the machine: which native transport, the event loops, bind, and the pipeline.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.net;
