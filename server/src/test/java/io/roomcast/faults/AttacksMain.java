package io.roomcast.faults;

import io.roomcast.faults.Attacks.Attack;
import io.roomcast.faults.Attacks.Finding;
import io.roomcast.faults.Attacks.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs attacks in full and prints a table. */
public final class AttacksMain {
  private AttacksMain() {}

  /** Every attack by its id, in the order of the list. */
  static Map<String, Attack> all(Scale scale, Path log) {
    Attacks attacks = new Attacks(scale, log);
    SocketAttacks sockets = new SocketAttacks(attacks);
    RoomAttacks rooms = new RoomAttacks(attacks, log);
    LimitAttacks limits = new LimitAttacks(attacks);
    SecretAttacks secrets = new SecretAttacks(attacks, log);
    Map<String, Attack> all = new LinkedHashMap<>();
    all.put("S4", attacks::malformed);
    all.put("S5", sockets::bombs);
    all.put("S6", sockets::floods);
    all.put("S7", sockets::drips);
    all.put("S11", rooms::names);
    all.put("S12", rooms::rooms);
    all.put("S13", limits::abuser);
    all.put("S13b", limits::noisyRoom);
    all.put("S15", rooms::garbage);
    all.put("S16", secrets::secrets);
    if (scale.equals(Scale.FULL)) {
      // A figure of the machine at rest: not beside other tests.
      all.put("S10", () -> new KeyTiming().run());
    }
    return all;
  }

  /** Arguments: ids of attacks; none for all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path log = Files.createTempFile("roomcast-attacks", ".log");
    int failed = 0;
    System.out.println("| id | attack | result | |");
    System.out.println("|---|---|---|---|");
    for (Map.Entry<String, Attack> one : all(Scale.FULL, log).entrySet()) {
      if (args.length == 0 || List.of(args).contains(one.getKey())) {
        Files.writeString(log, "");
        Finding finding = Attacks.run(one.getKey(), one.getValue());
        System.out.println(finding.row());
        failed += finding.held() ? 0 : 1;
      }
    }
    Files.deleteIfExists(log);
    System.exit(failed == 0 ? 0 : 1);
  }
}
