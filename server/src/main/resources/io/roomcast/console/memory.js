// What outlives the page. A browser that denies storage only makes it forgetful.

const KEY = "roomcast";
const TOKEN_KEY = "roomcast.token";

/** @returns {{name: string, rooms: string[], shown: string}} */
export function recall() {
  const kept = parse(read(localStorageOrNone(), KEY));
  const texts = Array.isArray(kept?.rooms) ? kept.rooms.filter((room) => typeof room === "string") : [];
  return { name: String(kept?.name ?? ""), rooms: texts, shown: String(kept?.shown ?? "") };
}

/** @param {{name: string, rooms: string[], shown: string}} what */
export function remember(what) {
  write(localStorageOrNone(), KEY, JSON.stringify(what));
}

/** @returns {string} the token, for as long as the tab lives; or empty */
export function recallToken() {
  return read(sessionStorageOrNone(), TOKEN_KEY) ?? "";
}

/** @param {string} token */
export function rememberToken(token) {
  write(sessionStorageOrNone(), TOKEN_KEY, token);
}

function localStorageOrNone() {
  return attempt(() => window.localStorage);
}

function sessionStorageOrNone() {
  return attempt(() => window.sessionStorage);
}

function read(storage, key) {
  return attempt(() => storage.getItem(key));
}

function write(storage, key, value) {
  attempt(() => storage.setItem(key, value));
}

function parse(text) {
  return attempt(() => JSON.parse(text ?? "null"));
}

function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
