const PATIENCE_MS = 10_000;

/** What the server, or the lack of a connection, said no to. */
export class Refusal extends Error {
  /**
   * @param {string} text in words, for a person
   * @param {boolean} temporary whether the same may succeed later
   * @param {number} code the protocol's number; 0 when it did not come from the server
   */
  constructor(text, temporary, code = 0) {
    super(text);
    this.temporary = temporary;
    this.code = code;
  }
}

/** Matches replies to commands by their `id`. Each command is settled exactly once. */
export class Requests {
  /** @type {Map<number, {resolve: Function, reject: Function, timer: number}>} */
  #waiting = new Map();
  #lastId = 0;

  /**
   * @param {(command: object) => void} write puts one command on the wire
   * @param {object} command without an `id`
   * @param {number} [patience] ms to wait for the reply
   * @returns {Promise<any>} the reply, or a {@link Refusal}
   */
  send(write, command, patience = PATIENCE_MS) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(id), patience);
      this.#waiting.set(id, { resolve, reject, timer });
      write({ ...command, id });
    });
  }

  /**
   * @param {any} event as the server sent it
   * @returns {boolean} whether it was the reply to a command
   */
  settle(event) {
    const waiting = this.#take(event.id);
    if (!waiting) {
      return false;
    }
    if (event.type === "error") {
      waiting.reject(new Refusal(String(event.text), event.temporary === true, event.code));
    } else {
      waiting.resolve(event);
    }
    return true;
  }

  /** The connection is gone: nothing that still waits will be answered. */
  abandon() {
    for (const id of [...this.#waiting.keys()]) {
      this.#take(id)?.reject(new Refusal("the connection was lost before the answer came", true));
    }
  }

  /** @param {number} id */
  #expire(id) {
    this.#take(id)?.reject(new Refusal("the server did not answer in time", true));
  }

  /** @param {number} id */
  #take(id) {
    const waiting = this.#waiting.get(id);
    if (waiting) {
      this.#waiting.delete(id);
      clearTimeout(waiting.timer);
    }
    return waiting;
  }
}
