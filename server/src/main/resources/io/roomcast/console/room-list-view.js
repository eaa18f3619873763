import { byId, make } from "/console/dom.js";

const PAGE = 50;

/** The rooms of all nodes, by name, a page at a time. */
export class RoomListView {
  #api;
  #open;
  #rows = byId("room-rows");
  #text = byId("rooms-text");
  #more = byId("rooms-more");
  #rates = new Rates();
  #prefix = "";
  #limit = PAGE;

  /**
   * @param {import("/console/operator-api.js").OperatorApi} api
   * @param {(room: string) => void} open
   */
  constructor(api, open) {
    this.#api = api;
    this.#open = open;
    byId("rooms-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#prefix = byId("prefix").value;
      this.#limit = PAGE;
      this.refresh().catch(() => {}); // Told by the page's state.
    });
    this.#more.addEventListener("click", () => {
      this.#limit = Math.min(1_000, this.#limit * 2);
      this.refresh().catch(() => {});
    });
  }

  async refresh() {
    const { rooms, next, complete } = await this.#api.get("rooms", { prefix: this.#prefix, limit: this.#limit });
    this.#show(rooms);
    const part = complete === false ? " Some nodes did not answer." : "";
    this.#text.textContent = rooms.length ? part.trim() : `No room${this.#prefix ? " of such a name" : ""} has members now.${part}`;
    this.#more.hidden = next === undefined || this.#limit >= 1_000;
  }

  /** Changes rows in place, so that the focus stays where it is. */
  #show(rooms) {
    const rates = this.#rates.next(rooms);
    const before = new Map([...this.#rows.children].map((row) => [row.dataset.room, row]));
    const rows = rooms.map(({ room, members }) => {
      const row = before.get(room) ?? this.#add(room);
      row.children[1].textContent = members.toLocaleString("en");
      row.children[2].textContent = rates.get(room)?.toFixed(1) ?? "";
      before.delete(room);
      return row;
    });
    before.forEach((row) => row.remove());
    rows.forEach((row, i) => {
      if (this.#rows.children[i] !== row) {
        this.#rows.insertBefore(row, this.#rows.children[i] ?? null);
      }
    });
  }

  #add(room) {
    const button = make("button", "link", room);
    button.type = "button";
    button.title = `Follow ${room}`;
    button.addEventListener("click", () => this.#open(room));
    const row = make("tr", "", make("td", "", button), make("td", "number"), make("td", "number"));
    row.dataset.room = room;
    return row;
  }
}

/** Messages a second, from how many there were at one time and at the next. */
class Rates {
  #before = new Map();
  #at = 0;

  /** @param {{room: string, messages: number}[]} rooms @returns {Map<string, number>} of those that were there before */
  next(rooms) {
    const now = performance.now();
    const seconds = (now - this.#at) / 1_000;
    const known = rooms.filter(({ room }) => this.#before.has(room));
    // A room whose last member had gone meanwhile is counted anew.
    const rates = known.map(({ room, messages }) => [room, Math.max(0, messages - this.#before.get(room)) / seconds]);
    this.#before = new Map(rooms.map(({ room, messages }) => [room, messages]));
    this.#at = now;
    return new Map(rates);
  }
}
