package io.roomcast.room;

/**
 * What each may cost.
 *
 * @param session one session, beside its {@link Limits}: of this its bytes and joins count
 * @param user one user, on all nodes together; who has shown no token that names one is none
 * @param address one client's address on this node; an IPv6 network of /64
 * @param node this node's clients together
 * @param proxies whose word for a client's address is taken
 */
public record Allowances(
    Allowance session, Allowance user, Allowance address, Allowance node, Proxies proxies) {
  /** Without limits. */
  public static final Allowances NONE =
      new Allowances(Allowance.NONE, Allowance.NONE, Allowance.NONE, Allowance.NONE, Proxies.NONE);
}
