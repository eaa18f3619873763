import { byId, make } from "/console/dom.js";

const COPIED_MS = 1_500;

/** Shows a newcomer what to do: where there is no room yet, no message yet, or on request. */
export class WelcomeView {
  #store;
  #welcome = byId("welcome");
  #intro = byId("welcome-intro");
  #more = byId("more");
  #asked = false;

  /** @param {import("/console/store.js").Store} store */
  constructor(store) {
    this.#store = store;
    this.#more.addEventListener("click", () => {
      this.#asked = !this.#asked;
      this.#show();
    });
    store.on("shown", () => {
      this.#asked = false;
      this.#fill();
      this.#show();
    });
    store.on("entry", ({ room }) => {
      if (room === store.shown) {
        this.#show();
      }
    });
  }

  #show() {
    const room = this.#store.shownRoom;
    const empty = !room || room.entries.length === 0;
    this.#welcome.hidden = !empty && !this.#asked;
    this.#welcome.classList.toggle("alone", empty);
    this.#intro.hidden = !empty;
    byId("commands-title").hidden = !empty;
    this.#more.hidden = empty;
    this.#more.setAttribute("aria-expanded", String(this.#asked));
    byId("stream").hidden = empty;
  }

  #fill() {
    const room = this.#store.shownRoom;
    byId("welcome-title").textContent = room ? "Nothing yet since you joined" : "Talk in rooms, in real time";
    byId("welcome-text").textContent = room
      ? "Write the first message below. Whoever is in this room receives it at once, and so does this page in a second tab."
      : "Whoever has joined a room receives what is sent to it. Join one, open this page in a second tab, and say something.";
    byId("welcome-actions").replaceChildren(room ? otherTab() : joinFirst());
    byId("commands").replaceChildren(...commandsFor(room?.name ?? "room1").flatMap(commandView));
  }
}

/** The command knows the default address by itself. */
function followLine(room) {
  const known = location.protocol === "http:" && location.host === "localhost:8080";
  const url = known ? "" : `--url ${location.origin.replace(/^http/, "ws")}/ws `;
  return `./roomcast sub ${url}${shellWord(room)}`;
}

function joinFirst() {
  const link = make("a", "button", "Join room1");
  link.href = "#room1";
  return link;
}

function otherTab() {
  const link = make("a", "button quiet", "Open a second tab");
  link.href = location.href;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

/** @param {string} room */
function commandsFor(room) {
  const secure = location.protocol === "https:" ? "s" : "";
  const path = encodeURIComponent(room).replaceAll("'", "%27");
  return [
    ["Send a message", `curl -d 'hi' http${secure}://${location.host}/v1/rooms/${path}/messages`],
    ["Speak the protocol", `npx wscat -c ws${secure}://${location.host}/ws`],
    ["… and in it, join", JSON.stringify({ type: "SUBSCRIBE", room })],
    ["Follow the room", followLine(room)],
  ];
}

/** @param {string} text */
function shellWord(text) {
  return /^[\w.:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** @param {string[]} command its purpose, and the line itself */
function commandView([purpose, line]) {
  const code = make("code", "", line);
  code.tabIndex = 0;
  const copy = make("button", "quiet copy", "Copy");
  copy.type = "button";
  copy.setAttribute("aria-label", `Copy: ${purpose}`);
  copy.addEventListener("click", () => copied(copy, code));
  return [make("dt", "", purpose), make("dd", "", code, copy)];
}

/** @param {HTMLElement} button @param {HTMLElement} code */
async function copied(button, code) {
  const done = await copyText(code);
  button.textContent = done ? "Copied" : "Selected";
  setTimeout(() => (button.textContent = "Copy"), COPIED_MS);
}

/**
 * @param {HTMLElement} code
 * @returns {Promise<boolean>} false when the text is only selected: over plain http, and from
 *     another host, a page may not write the clipboard
 */
async function copyText(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return false;
  }
}
