import { byId, make, soon } from "/console/dom.js";
import { jsonView } from "/console/json.js";
import { clock } from "/console/words.js";

/** Messages of one sender this close together share one heading. */
const TOGETHER_MS = 60_000;

/** This close to the end, in pixels, counts as reading the newest. */
const NEAR_END = 48;

const HUES = 8;

/** What happened in the room that is shown. */
export class StreamView {
  #store;
  #stream = byId("stream");
  #latest = byId("latest");
  /** @type {import("/console/store.js").Entry[]} */
  #fresh = [];
  /** @type {import("/console/store.js").Entry|undefined} */
  #last;
  /** Whether the person reads the newest, and so wants to see what comes. */
  #following = true;
  #append = soon(() => this.#appendFresh());

  /** @param {import("/console/store.js").Store} store */
  constructor(store) {
    this.#store = store;
    store.on("shown", () => this.#showAll());
    store.on("entry", ({ room, entry }) => {
      if (room === store.shown) {
        this.#fresh.push(entry);
        this.#append();
      }
    });
    this.#latest.addEventListener("click", () => this.#toEnd());
    this.#stream.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#following && this.#toEnd()).observe(this.#stream);
  }

  /** Another room: not news, so it is not read out. */
  #showAll() {
    this.#stream.setAttribute("aria-live", "off");
    this.#stream.replaceChildren();
    this.#last = undefined;
    this.#fresh = [...(this.#store.shownRoom?.entries ?? [])];
    this.#addFresh();
    this.#toEnd();
    setTimeout(() => this.#stream.setAttribute("aria-live", "polite"), 100);
  }

  #appendFresh() {
    if (this.#fresh.length === 0) {
      return;
    }
    const follow = this.#following || this.#fresh.some((entry) => entry.own);
    this.#addFresh();
    if (follow) {
      this.#toEnd();
    } else {
      this.#latest.hidden = false;
    }
  }

  #addFresh() {
    const most = this.#store.shownRoom?.entries.length ?? 0;
    const fresh = most ? this.#fresh.slice(-most) : [];
    this.#fresh = [];
    this.#stream.append(...fresh.map((entry) => this.#view(entry)));
    while (this.#stream.childElementCount > most) {
      this.#stream.firstElementChild.remove();
    }
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#stream;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR_END;
    this.#latest.hidden ||= this.#following;
  }

  #toEnd() {
    this.#following = true;
    this.#latest.hidden = true;
    this.#stream.scrollTop = this.#stream.scrollHeight;
  }

  /** @param {import("/console/store.js").Entry} entry */
  #view(entry) {
    const last = this.#last;
    this.#last = entry;
    return entry.kind === "message" ? messageView(entry, last) : remarkView(entry);
  }
}

/**
 * @param {import("/console/store.js").Entry} entry
 * @param {import("/console/store.js").Entry|undefined} last the one above it
 */
function messageView(entry, last) {
  const body = typeof entry.value === "string" ? make("p", "text", entry.value) : jsonView(entry.value);
  const item = make("li", entry.own ? "message own" : "message");
  if (!continues(entry, last)) {
    item.classList.add("first");
    item.append(heading(entry));
  }
  body.title = clock(entry.at);
  body.classList.add("bubble");
  item.append(body);
  return item;
}

/** Whether the heading above speaks for this message too. */
function continues(entry, last) {
  return last?.kind === "message" && last.own === entry.own && last.from === entry.from
    && entry.at - last.at < TOGETHER_MS;
}

function heading({ from, own, at }) {
  const name = own ? "You" : from || "unnamed";
  const sender = make("span", own || !from ? "sender" : `sender hue-${hue(from)}`, name);
  const time = make("time", "time", clock(at));
  time.dateTime = new Date(at).toISOString();
  return make("p", "meta", sender, time);
}

/**
 * @param {string} name
 * @returns {number} always the same colour for the same name
 */
function hue(name) {
  let sum = 0;
  for (const char of name) {
    sum = (sum * 31 + char.codePointAt(0)) >>> 0;
  }
  return sum % HUES;
}

/** @param {import("/console/store.js").Entry} entry */
function remarkView(entry) {
  return make("li", `remark ${entry.kind}`, make("span", "", entry.text));
}
