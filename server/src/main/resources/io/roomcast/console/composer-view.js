import { byId } from "/console/dom.js";
import { messageOf } from "/console/words.js";

const MOST_HEIGHT = 240;

/** The field to write in, and the sender's name. */
export class ComposerView {
  #store;
  #actions;
  #form = byId("composer");
  #text = byId("text");
  #name = byId("name");
  #hint = byId("hint");

  /**
   * @param {import("/console/store.js").Store} store
   * @param {{send: (value: any) => Promise<boolean>, rename: (name: string) => void}} actions
   * @param {string} name what the sender was called last time
   */
  constructor(store, actions, name) {
    this.#store = store;
    this.#actions = actions;
    this.#name.value = name;
    this.#name.addEventListener("change", () => actions.rename(this.#name.value.trim()));
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    store.on("shown", () => this.#show());
  }

  #show() {
    const room = this.#store.shown;
    this.#form.hidden = !room;
    this.#text.placeholder = `Message to ${room}`;
    this.#typed();
    // On a touch screen the focus would bring up the keyboard, unasked.
    if (room && !matchMedia("(pointer: coarse)").matches) {
      this.#text.focus();
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    }
  }

  /** Gives the text back when it could not be sent, unless something new is there already. */
  async #send() {
    const text = this.#text.value;
    if (!text.trim()) {
      return;
    }
    this.#put("");
    const sent = await this.#actions.send(messageOf(text).value);
    if (!sent && !this.#text.value) {
      this.#put(text);
    }
  }

  #put(text) {
    this.#text.value = text;
    this.#typed();
  }

  #typed() {
    const text = this.#text.value;
    const json = messageOf(text).json;
    this.#hint.textContent = json ? "Sends as JSON" : text.trim() ? "Sends as text" : "Enter sends, Shift+Enter breaks the line";
    this.#hint.classList.toggle("is-json", json);
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight + 2, MOST_HEIGHT)}px`;
  }
}
