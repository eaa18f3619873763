package io.roomcast.room;

/** One allowance as it is counted. Immutable. */
record Tariff(Payer payer, Allowance allowance, Rate commands, Rate bytes, Rate joins) {

  /**
   * Makes it.
   *
   * @param messageBytes of the largest message, which must be possible whatever the rate
   */
  static Tariff of(Payer payer, Allowance allowance, int messageBytes) {
    Rate bytes = Rate.perSecond(allowance.bytes());
    return new Tariff(
        payer,
        allowance,
        Rate.perSecond(allowance.commands()),
        atLeast(bytes, messageBytes),
        Rate.perSecond(allowance.joins()));
  }

  private static Rate atLeast(Rate rate, int atOnce) {
    return rate.limited()
        ? new Rate(rate.most(), rate.perMillis(), Math.max(rate.atOnce(), atOnce))
        : rate;
  }

  /** The part of one node among several that a user is on. */
  Tariff share(int nodes, int messageBytes) {
    return new Tariff(
        payer,
        allowance,
        commands.share(nodes),
        atLeast(bytes.share(nodes), messageBytes),
        joins.share(nodes));
  }

  /** How often something may happen; {@link Rate#NONE} for what is counted by the piece. */
  Rate rate(Cost cost) {
    return switch (cost) {
      case COMMANDS -> commands;
      case BYTES -> bytes;
      case JOINS -> joins;
      case CONNECTIONS, ROOMS, MESSAGES -> Rate.NONE;
    };
  }
}
