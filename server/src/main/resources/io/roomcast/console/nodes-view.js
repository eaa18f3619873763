import { Chart } from "/console/chart.js";
import { byId, make } from "/console/dom.js";
import { counted } from "/console/words.js";

/** All nodes, each with how it is and a chart of its sessions and of its broker's lag. */
export class NodesView {
  #list = byId("nodes");
  #text = byId("nodes-text");
  #cards = new Map();

  /** @param {{nodes: any[], silent: number}} cluster */
  show({ nodes, silent }) {
    const total = (field) => nodes.reduce((sum, node) => sum + node[field], 0);
    const lost = silent ? `; ${silent} did not answer` : "";
    this.#text.textContent = `${counted(nodes.length, "node")}, ${counted(total("sessions"), "session")}, ${counted(total("members"), "membership")}${lost}`;
    for (const [name, card] of this.#cards) {
      if (!nodes.some(({ node }) => node === name)) {
        card.element.remove();
        this.#cards.delete(name);
      }
    }
    for (const node of nodes) {
      const card = this.#cards.get(node.node) ?? this.#add(node.node);
      card.show(node);
    }
  }

  #add(name) {
    const card = new Card(name);
    this.#cards.set(name, card);
    this.#list.append(card.element);
    return card;
  }
}

class Card {
  #badge = make("span", "badge");
  #about = make("p", "soft");
  #sessions = new Chart("sessions");
  #rooms = new Chart("rooms");
  #lag = new Chart("lag by the broker", (ms) => `${ms.toLocaleString("en")} ms`);

  constructor(name) {
    const head = make("p", "node-head", make("b", "", name), this.#badge);
    this.element = make("li", "node", head, this.#about, this.#sessions.element, this.#rooms.element, this.#lag.element);
  }

  show({ version, uptime, sessions, rooms, ready, broker, lag }) {
    const name = broker === "redis" ? "Redis" : "one node, in memory";
    this.#badge.textContent = ready ? `ready · ${name}` : `not ready · ${name}`;
    this.#badge.classList.toggle("bad", !ready);
    this.#about.textContent = `version ${version}, up for ${duration(uptime)}`;
    this.#sessions.add(sessions);
    this.#rooms.add(rooms);
    this.#lag.element.hidden = !(lag >= 0);
    if (lag >= 0) {
      this.#lag.add(lag);
    }
  }
}

/** @param {number} seconds */
function duration(seconds) {
  const units = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  let left = seconds;
  return units.slice(Math.max(first, 0)).slice(0, 2).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return `${count} ${unit}`;
  }).join(" ") || "0 s";
}
