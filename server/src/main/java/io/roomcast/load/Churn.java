package io.roomcast.load;

import io.netty.buffer.ByteBuf;
import io.roomcast.load.Tally.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Clients that join and leave without end: each time on a new connection, or on one that stays. A
 * step waits for the answer to the one before; the time measured is that from connect, or from
 * join, to the confirmed join.
 */
final class Churn implements Drive {
  private final LoadOptions options;
  private final Loop loop;
  private final Tally tally;
  private final Wire wire;
  private final boolean reconnecting;
  private final int run = Crowd.newRun();
  private final List<Client> clients = new ArrayList<>();
  private Opener opener = new Opener();
  private boolean started;
  private boolean stopped;
  private int busy;
  private int turn;

  /**
   * Lays the clients out.
   *
   * @param reconnecting whether every time has its own connection
   */
  Churn(LoadOptions options, Loop loop, Tally tally, boolean reconnecting) {
    this.options = options;
    this.loop = loop;
    this.tally = tally;
    this.wire = options.protocol().wire();
    this.reconnecting = reconnecting;
    for (int i = 0; i < options.shape().inflight(); i++) {
      clients.add(new Client());
    }
  }

  @Override
  public CompletableFuture<Void> prepare() {
    if (!reconnecting) {
      clients.forEach(client -> opener.add(client::connect));
    }
    return opener.start();
  }

  @Override
  public void start() {
    started = true;
    for (Client client : clients) {
      busy++;
      client.next();
    }
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public boolean drained() {
    return busy == 0;
  }

  @Override
  public void settle() {
    if (busy > 0) {
      tally.fault(Fault.STALLED, busy, "clients that wait for an answer at the end of the run");
    }
  }

  /** Goes round the rooms, so that a join is often a room's first and a leave its last. */
  private String nextRoom() {
    turn = (turn + 1) % options.shape().rooms();
    return Crowd.roomName(run, turn);
  }

  private final class Client implements Link.Owner {
    private Link link = new Link(loop, wire, this);
    private String room = "";
    private long began;
    private boolean joining;

    void connect() {
      room = nextRoom();
      String base = options.urls().getFirst().getRawPath();
      String path = wire.path(base == null || base.isEmpty() ? "/" : base, room);
      link = new Link(loop, wire, this);
      link.connect(options.urls().getFirst(), path, true);
    }

    void next() {
      if (stopped) {
        busy--;
        return;
      }
      began = System.nanoTime();
      if (reconnecting) {
        connect();
      } else {
        room = nextRoom();
        join();
      }
    }

    private void join() {
      joining = true;
      link.ask(wire.join(room));
    }

    @Override
    public void ready() {
      if (started) {
        join();
      } else {
        opener.opened();
      }
    }

    @Override
    public void reply() {
      if (joining) {
        joining = false;
        tally.latency.add(System.nanoTime() - began);
        link.ask(wire.leave(room));
      } else if (reconnecting) {
        link.close();
      } else {
        tally.operations++;
        next();
      }
    }

    @Override
    public void closed() {
      tally.operations++;
      next();
    }

    @Override
    public void message(ByteBuf in, int at, long now) {
      tally.fault(Fault.STRAYED, 1, "a message in a room where nobody publishes");
    }

    @Override
    public void refused(String text) {
      tally.fault(Fault.REFUSED, 1, text);
    }

    @Override
    public void broken(String why) {
      tally.fault(Fault.BROKEN, 1, why);
    }
  }
}
