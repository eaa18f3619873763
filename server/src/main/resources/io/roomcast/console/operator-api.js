const KEY = "roomcast.key";

/** What the server said no to. */
export class ApiError extends Error {
  /** @param {string} text @param {number} status of HTTP; 0 when there was no answer */
  constructor(text, status) {
    super(text);
    this.status = status;
  }
}

/** The server API, with the key that a person gave, for as long as the tab lives. */
export class OperatorApi {
  #key = "";
  #keyNeeded;

  /** @param {(text: string) => void} keyNeeded called when the server asks for a key, or for another one */
  constructor(keyNeeded) {
    this.#keyNeeded = keyNeeded;
    try {
      this.#key = sessionStorage.getItem(KEY) ?? "";
    } catch {
      // A browser that denies storage only makes it forgetful.
    }
  }

  get key() {
    return this.#key;
  }

  set key(key) {
    this.#key = key;
    try {
      sessionStorage.setItem(KEY, key);
    } catch {
      // As above.
    }
  }

  /** @param {string} path @param {Record<string, string|number|undefined>} [query] what is undefined is left out */
  get(path, query = {}) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
    return this.#call(given.length ? `${path}?${new URLSearchParams(given)}` : path, {});
  }

  /** @param {string} path @param {any} body */
  post(path, body) {
    const headers = { "content-type": "application/json" };
    return this.#call(path, { method: "POST", body: JSON.stringify(body), headers });
  }

  /** The metrics of this node, by name with labels; empty where they are not served here. */
  async metrics() {
    const response = await fetch("/metrics").catch(() => undefined);
    const text = response?.ok ? await response.text() : "";
    return new Map(text.split("\n").filter((line) => line && !line.startsWith("#")).map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }));
  }

  async #call(path, { headers, ...init }) {
    const authorization = this.#key ? { authorization: `Bearer ${this.#key}` } : {};
    let response;
    try {
      response = await fetch(`/v1/${path}`, { ...init, headers: { ...headers, ...authorization } });
    } catch {
      throw new ApiError("the server does not answer", 0);
    }
    const body = await response.json().catch(() => ({}));
    if (response.ok) {
      return body;
    }
    const error = new ApiError(body.detail ?? `HTTP ${response.status}`, response.status);
    if (response.status === 401) {
      this.#keyNeeded(error.message);
    }
    throw error;
  }
}
