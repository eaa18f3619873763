// What the page says, made from what it knows.

const CLOCK = new Intl.DateTimeFormat([], {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/**
 * @param {number} at ms since the epoch
 * @returns {string} local time of day, such as 10:31:02
 */
export function clock(at) {
  return CLOCK.format(at);
}

/** @param {{since: number, until: number, skipped?: number}} gap ms since the epoch; how many, when they were skipped */
export function gapText({ since, until, skipped }) {
  return skipped
    ? `${skipped} messages between ${clock(since)} and ${clock(until)} were skipped: they came faster than this page read them`
    : `Some messages between ${clock(since)} and ${clock(until)} may be missing`;
}

/**
 * @param {string} what did not work
 * @param {{text?: string, message?: string, temporary?: boolean}} error
 */
export function problemText(what, error) {
  const text = error.text ?? error.message;
  return error.temporary
    ? `${what} for the moment: ${text}.`
    : `${what}: ${text}. Trying the same again will not help.`;
}

/**
 * @param {number} count
 * @param {string} what one of them is
 */
export function counted(count, what) {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

/** @param {number} unread */
export function countText(unread) {
  return unread > 99 ? "99+" : String(unread);
}

/**
 * @param {import("/console/link.js").Phase} phase
 * @param {number} now ms since the epoch
 * @returns {{short: string, long: string}} the state itself, and what there is to say about it
 */
export function phaseText(phase, now) {
  switch (phase.name) {
    case "connecting":
      return { short: "Connecting", long: "" };
    case "connected":
      return { short: "Connected", long: "" };
    case "waiting":
      return { short: "Reconnecting", long: `${phase.text}; next try ${secondsText(phase.retryAt - now)}` };
    case "unauthorized":
      return { short: "Needs a token", long: phase.text };
    default:
      return { short: "Closed", long: phase.text };
  }
}

/** @param {number} ms */
function secondsText(ms) {
  const seconds = Math.ceil(ms / 1000);
  return seconds > 0 ? `in ${seconds} s` : "now";
}

/**
 * What is typed is sent as JSON when it is an object or an array, else as text.
 *
 * @param {string} text
 * @returns {{json: boolean, value: any}}
 */
export function messageOf(text) {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    try {
      return { json: true, value: JSON.parse(trimmed) };
    } catch {
      // Not JSON after all.
    }
  }
  return { json: false, value: text };
}
