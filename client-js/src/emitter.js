/** Calls listeners by the name of an event, in the order in which they were added. */
export class Emitter {
  #listeners = {};

  on(event, listener) {
    const listeners = (this.#listeners[event] ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  _emit(event, detail) {
    for (const listener of [...(this.#listeners[event] ?? [])]) {
      try {
        listener(detail);
      } catch (error) {
        // It harms nobody else, and is not hidden.
        setTimeout(() => {
          throw error;
        }, 0);
      }
    }
  }
}
