package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * What the plugin takes for the server: starts the real one, which needs a newer JDK than the
 * plugin's own.
 */
public final class Target {
  private Target() {}

  /** Starts it on a port and stays. Its command is in the environment, a word a line. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(System.getenv("AUTOBAHN_SERVER").split("\n")));
    command.add(args[0]);
    Process server = new ProcessBuilder(command).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::destroy));
    while (server.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))) {
        break;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    server.waitFor();
  }
}
