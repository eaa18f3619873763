import { byId } from "/console/dom.js";
import { phaseText } from "/console/words.js";

/** Shows how the connection is, asks for a token, and offers to try again. */
export class StateView {
  #state = byId("state");
  #banner = byId("banner");
  #text = byId("banner-text");
  #action = byId("banner-action");
  #token = byId("token");
  #tokenValue = byId("token-value");
  /** @type {import("/console/link.js").Phase} */
  #phase = { name: "connecting" };

  /**
   * @param {{retry: () => void, token: (token: string) => void}} actions what a person asks for
   */
  constructor({ retry, token }) {
    this.#action.addEventListener("click", () => retry());
    this.#token.addEventListener("submit", (event) => {
      event.preventDefault();
      token(this.#tokenValue.value.trim());
    });
    setInterval(() => this.#countDown(), 250);
  }

  /** @param {import("/console/link.js").Phase} phase */
  show(phase) {
    this.#phase = phase;
    const { short, long } = phaseText(phase, Date.now());
    // Only this is read out: a countdown would never stop talking.
    this.#state.textContent = short;
    this.#state.dataset.phase = phase.name;
    this.#banner.hidden = phase.name === "unauthorized" || !long;
    this.#text.textContent = sentence(short, long);
    this.#action.hidden = false;
    this.#action.textContent = phase.name === "closed" ? "Connect again" : "Try now";
    this.#askForToken(phase);
  }

  /** @param {string} text stands until the connection changes */
  problem(text) {
    this.#banner.hidden = false;
    this.#text.textContent = text;
    this.#action.hidden = true;
  }

  #askForToken(phase) {
    const wasHidden = this.#token.hidden;
    if (phase.name === "unauthorized") {
      this.#token.hidden = false;
      byId("token-text").textContent = phase.text;
      if (wasHidden) {
        this.#tokenValue.focus();
      }
    } else if (phase.name === "connected") {
      this.#token.hidden = true;
      this.#tokenValue.value = "";
    }
  }

  #countDown() {
    if (this.#phase.name === "waiting") {
      const { short, long } = phaseText(this.#phase, Date.now());
      this.#text.textContent = sentence(short, long);
    }
  }
}

function sentence(short, long) {
  return `${short}: ${long}.`;
}
