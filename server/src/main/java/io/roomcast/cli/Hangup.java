package io.roomcast.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done on SIGHUP, by which supervisors ask a server to read its settings again. */
final class Hangup {
  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private Hangup() {}

  /**
   * Has something done, on a thread of the JVM's own, in place of the end that the signal otherwise
   * is. Where the JVM does not allow it, says so in the log.
   */
  @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself alone.
  static void handle(Runnable action) {
    // By name: javac warns of the class, which every JDK has, and takes no suppression for it.
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments != null && proxy == arguments[0];
                default -> "reload";
              };
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("HUP"),
              Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call));
    } catch (ReflectiveOperationException e) {
      LOG.warn("SIGHUP does not read settings again here", e);
    }
  }
}
