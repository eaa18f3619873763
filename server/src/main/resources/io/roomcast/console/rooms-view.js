import { byId, make, soon } from "/console/dom.js";
import { countText } from "/console/words.js";

const STATUS = { joining: "joining", joined: "", refused: "not joined", removed: "removed" };

/**
 * @typedef {object} Row
 * @property {HTMLLIElement} item
 * @property {HTMLAnchorElement} link
 * @property {HTMLElement} status
 * @property {HTMLElement} unread
 */

/** The list of rooms and the field to join one. */
export class RoomsView {
  #store;
  #leave;
  #list = byId("rooms");
  /** @type {Map<string, Row>} */
  #rows = new Map();

  /**
   * @param {import("/console/store.js").Store} store
   * @param {{join: (room: string) => void, leave: (room: string) => void}} actions
   */
  constructor(store, { join, leave }) {
    this.#store = store;
    this.#leave = leave;
    const field = byId("join-room");
    byId("join").addEventListener("submit", (event) => {
      event.preventDefault();
      const room = field.value.trim();
      if (room) {
        field.value = "";
        join(room);
      }
    });
    store.on("rooms", soon(() => this.#show()));
    store.on("shown", soon(() => this.#reveal()));
  }

  /** Changes rows in place, so that the focus stays where it is. */
  #show() {
    for (const [name, row] of this.#rows) {
      if (!this.#store.rooms.has(name)) {
        row.item.remove();
        this.#rows.delete(name);
      }
    }
    for (const room of this.#store.rooms.values()) {
      this.#showRoom(room);
    }
    const unread = this.#store.unread;
    const title = this.#store.shown ? `${this.#store.shown} · Roomcast` : "Roomcast";
    document.title = unread ? `(${countText(unread)}) ${title}` : title;
  }

  /** @param {import("/console/store.js").Room} room */
  #showRoom(room) {
    const row = this.#rows.get(room.name) ?? this.#add(room.name);
    row.item.classList.toggle("has-unread", room.unread > 0);
    row.status.textContent = STATUS[room.status];
    row.unread.textContent = room.unread ? countText(room.unread) : "";
    row.unread.title = room.unread ? `${room.unread} unread` : "";
    if (room.name === this.#store.shown) {
      row.link.setAttribute("aria-current", "page");
    } else {
      row.link.removeAttribute("aria-current");
    }
  }

  /**
   * @param {string} name
   * @returns {Row}
   */
  #add(name) {
    const status = make("span", "room-status");
    const unread = make("span", "unread");
    const link = make("a", "room-link", make("span", "room-label", name), status, unread);
    link.href = `#${encodeURIComponent(name)}`;
    link.title = name;
    const leave = make("button", "leave", "×");
    leave.type = "button";
    leave.title = `Leave ${name}`;
    leave.setAttribute("aria-label", `Leave ${name}`);
    leave.addEventListener("click", () => this.#leaveFrom(name));
    const item = make("li", "room-row", link, leave);
    const row = { item, link, status, unread };
    this.#rows.set(name, row);
    this.#list.append(item);
    return row;
  }

  /** @param {string} name */
  #leaveFrom(name) {
    const item = this.#rows.get(name)?.item;
    const near = item?.nextElementSibling ?? item?.previousElementSibling;
    this.#leave(name);
    (near?.querySelector("a") ?? byId("join-room")).focus();
  }

  #reveal() {
    this.#rows.get(this.#store.shown)?.item.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
