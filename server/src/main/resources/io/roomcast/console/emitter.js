/** Calls listeners by the name of an event, in the order in which they were added. */
export class Emitter {
  /** @type {Map<string, Array<(detail: any) => void>>} */
  #listeners = new Map();

  /**
   * @param {string} event
   * @param {(detail: any) => void} listener
   */
  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...listeners, listener]);
  }

  /**
   * @param {string} event
   * @param {any} [detail]
   */
  emit(event, detail) {
    for (const listener of this.#listeners.get(event) ?? []) {
      listener(detail);
    }
  }
}
