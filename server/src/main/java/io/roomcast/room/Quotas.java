package io.roomcast.room;

import io.roomcast.protocol.ErrorCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What sessions, users, addresses and the node may cost, and what they have used of it. Without
 * allowances it holds nothing and costs nothing. Thread-safe.
 */
public final class Quotas implements Census.Local {
  /** What who finds no place is told to wait. Nobody knows when there will be one. */
  static final long RETRY_MILLIS = 5_000;

  private final Limits limits;
  private final Allowances allowances;
  private final Time time;
  private final Census census;
  private final Rate commands;
  private final Rate bytes;
  private final Rate joins;
  private final Rate errors;
  private final Accounts users;
  private final Accounts addresses;
  private final Accounts senders;
  private final @Nullable Account node;
  private final AtomicLong numbers = new AtomicLong();
  private final Denials denials;

  /** Limits of one session alone. */
  public Quotas(Limits limits, Time time) {
    this(limits, Allowances.NONE, time, Census.NONE);
  }

  /** The same with allowances for more than one session. */
  public Quotas(Limits limits, Allowances allowances, Time time, Census census) {
    this.limits = limits;
    this.allowances = allowances;
    this.time = time;
    this.denials = new Denials(time);
    this.census = census;
    int perSecond = limits.commandsPerSecond();
    this.commands = perSecond == 0 ? Rate.NONE : new Rate(perSecond, 1000, limits.commandBurst());
    Tariff session = tariff(Payer.SESSION, allowances.session());
    this.bytes = session.bytes();
    this.joins = session.joins();
    this.errors = new Rate(1, 1000, limits.errors());
    this.users = new Accounts(tariff(Payer.USER, allowances.user()), time);
    this.addresses = new Accounts(tariff(Payer.ADDRESS, allowances.address()), time);
    this.senders = new Accounts(tariff(Payer.SENDER, Allowance.NONE), time);
    Tariff all = tariff(Payer.NODE, allowances.node());
    this.node = allowances.node().any() ? new Account("", all) : null;
  }

  private Tariff tariff(Payer payer, Allowance allowance) {
    return Tariff.of(payer, allowance, limits.messageBytes());
  }

  /** Begins to hear of other nodes. */
  void start() {
    if (allowances.user().any()) {
      census.start(this);
    }
  }

  Limits limits() {
    return limits;
  }

  Time time() {
    return time;
  }

  Accounts accounts() {
    return users;
  }

  Accounts addresses() {
    return addresses;
  }

  @Nullable Account node() {
    return node;
  }

  boolean countsUsers() {
    return allowances.user().any();
  }

  /** Whether anybody has to know where a client comes from. */
  public boolean countsAddresses() {
    return allowances.address().any();
  }

  /**
   * Where a client comes from.
   *
   * @param peer the other end of its connection
   * @param forwarded values of {@code X-Forwarded-For}, in their order
   */
  public String address(@Nullable SocketAddress peer, List<String> forwarded) {
    InetAddress address = peer instanceof InetSocketAddress inet ? inet.getAddress() : null;
    return address == null ? "local" : allowances.proxies().client(address, forwarded);
  }

  long number() {
    return numbers.incrementAndGet();
  }

  Rate errors() {
    return errors;
  }

  /** What one session may do by itself. */
  Rate rate(Cost cost) {
    return switch (cost) {
      case COMMANDS -> commands;
      case BYTES -> bytes;
      case JOINS -> joins;
      case CONNECTIONS, ROOMS, MESSAGES -> Rate.NONE;
    };
  }

  /**
   * Begins what a connection or a request is charged with; to be ended.
   *
   * @param address where it comes from, as {@link Proxies} says it; empty where that is not counted
   */
  public Bill bill(String address) {
    boolean counted = countsAddresses() && !address.isEmpty();
    return new Bill(this, counted ? addresses.take(address) : null);
  }

  /** Whether a message may be sent to a room by its rules, as far as its size goes. */
  public @Nullable Denial size(Rules rules, int length) {
    if (length <= rules.size()) {
      return null;
    }
    denials.count(Payer.SENDER, Cost.BYTES);
    return new Denial(
        ErrorCode.TOO_LARGE,
        Payer.SENDER,
        "a message to this room may have at most " + rules.size() + " bytes",
        0);
  }

  /**
   * Whether one sender may send to a room now, by its rules; it is counted.
   *
   * @param name the user, or empty
   * @param address where there is no connection that could be counted; or empty
   */
  public @Nullable Denial send(
      Rules rules, String room, int length, Bill bill, String name, String address) {
    Denial large = size(rules, length);
    Rate rate = rules.rate();
    if (large != null || !rate.limited()) {
      return large;
    }
    Account account = senders.take(room + "\n" + bill.sender(name, address));
    long wait = account.charge(rate, time.millis());
    senders.giveBack(account);
    if (wait == 0) {
      return null;
    }
    denials.count(Payer.SENDER, Cost.MESSAGES);
    return new Denial(
        ErrorCode.RATE_LIMITED,
        Payer.SENDER,
        "more than "
            + rate.most()
            + " messages in "
            + rate.perMillis() / 1000
            + " s to this room by one sender; the message was not sent",
        wait);
  }

  /** The same over HTTP, where the operator's own programs may send as fast as they like. */
  public @Nullable Denial post(
      Rules rules, String room, int length, Authenticator.Identity caller, String address) {
    return caller.server()
        ? size(rules, length)
        : send(rules, room, length, new Bill(this, null), caller.user(), address);
  }

  /** What somebody is told whose allowance is used up. Counts it. */
  Denial deny(Payer payer, Cost cost, long afterMillis) {
    denials.count(payer, cost);
    String most = number(payer, cost) + " " + cost.label();
    String text =
        cost == Cost.CONNECTIONS
            ? payer.text() + " has " + most + ", as many as it may have; come back later"
            : "more than " + most + " a second of " + payer.text() + "; send slower";
    return new Denial(ErrorCode.RATE_LIMITED, payer, text, afterMillis);
  }

  private long number(Payer payer, Cost cost) {
    if (payer == Payer.SESSION) {
      return rate(cost).most();
    }
    Allowance of =
        switch (payer) {
          case USER -> allowances.user();
          case ADDRESS -> allowances.address();
          default -> allowances.node();
        };
    return switch (cost) {
      case CONNECTIONS -> of.connections();
      case ROOMS -> of.rooms();
      case COMMANDS, MESSAGES -> of.commands();
      case BYTES -> of.bytes();
      case JOINS -> of.joins();
    };
  }

  /** What was refused so far. */
  public Denials denials() {
    return denials;
  }

  /** Users, addresses, and senders of rooms with a rate that are remembered. */
  public int remembered() {
    return users.count() + addresses.count() + senders.count();
  }

  // All nodes

  void changed(String user) {
    census.changed(user);
  }

  @Override
  public List<String> users() {
    List<String> names = new ArrayList<>();
    users.keys().forEach(names::add);
    return names;
  }

  @Override
  public Census.Statement state(String user) {
    Account account = users.find(user);
    return account == null ? Nobody.HERE : new Part(account, account.state());
  }

  /** Of a user who is here no longer. */
  private enum Nobody implements Census.Statement {
    HERE;

    @Override
    public Census.Counts counts() {
      return Census.Counts.NOTHING;
    }

    @Override
    public void told(Census.Elsewhere others) {}

    @Override
    public void failed() {}
  }

  private final class Part implements Census.Statement {
    private final Account account;
    private final Account.Stated stated;

    Part(Account account, Account.Stated stated) {
      this.account = account;
      this.stated = stated;
    }

    @Override
    public Census.Counts counts() {
      return stated.counts();
    }

    @Override
    public void told(Census.Elsewhere others) {
      account.told(stated, others, limits.messageBytes(), users.tariff()).forEach(Bill::tooMany);
    }

    @Override
    public void failed() {
      account.stale(stated);
    }
  }
}
