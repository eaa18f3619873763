// When to come back after a connection was lost, and when not to.

const FIRST_MS = 500;
const MOST_MS = 20_000;

/** RFC 6455 codes after which the same client would only fail the same way again. */
const FINAL = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010]);

/**
 * Full jitter: anything from 0 to a ceiling that doubles with each failure, so that the clients of
 * a node that went away do not all come back at once.
 *
 * @param {number} failures attempts that failed since a connection last held
 * @param {number} after what the server asked for, in ms; 0 when it did not
 * @returns {number} ms to wait
 */
export function delay(failures, after) {
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.max(after, Math.random() * ceiling);
}

/**
 * @param {number} code a WebSocket close code
 * @returns {boolean} whether coming back is pointless
 */
export function isFinal(code) {
  return FINAL.has(code) || (code >= 4500 && code <= 4999);
}
