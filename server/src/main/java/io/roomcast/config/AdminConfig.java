package io.roomcast.config;

/**
 * The port of its own for those who operate the server.
 *
 * @param host the address to listen on
 * @param port 0 for any that is free; −1 for none, where the one port has everything
 */
public record AdminConfig(String host, int port) {
  /** None. */
  public static final AdminConfig NONE = new AdminConfig("127.0.0.1", -1);

  /** Whether there is one. */
  public boolean any() {
    return port >= 0;
  }

  void check(int publicPort) {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("admin-host must not be empty");
    }
    if (port < -1 || port > 65535) {
      throw new IllegalArgumentException("admin-port must be 0 to 65535, not " + port);
    }
    if (port > 0 && port == publicPort) {
      throw new IllegalArgumentException("admin-port must be another one than port");
    }
  }
}
