/**
 * In ms: the next attempt comes at random below a ceiling that doubles from FIRST to MOST, and begins anew after a link that
 * held for STABLE.
 */
export const FIRST = 500;
const MOST = 20_000;
export const STABLE = 5_000;

/** In ms: of silence until the server is asked, and until it, or a new link, must have answered. */
export const QUIET = 25_000;
export const PATIENCE = 10_000;

/** Full jitter, so that the clients of a node that went away do not all come back at once; at least what the server asked for. */
export function backoff(failures, after) {
  return Math.max(after || 0, Math.random() * Math.min(MOST, FIRST * 2 ** failures));
}
