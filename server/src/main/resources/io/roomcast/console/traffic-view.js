import { Chart } from "/console/chart.js";
import { byId } from "/console/dom.js";

const COUNTED = [
  ["messages in, each second", "roomcast_messages_received_total"],
  ["deliveries, each second", "roomcast_deliveries_total"],
  ["dropped, each second", "roomcast_dropped_total"],
  ["closed, each second", "roomcast_closes_total"],
];

/** What the node's counters say, as rates. */
export class TrafficView {
  #section = byId("traffic");
  #charts = COUNTED.map(([label]) => new Chart(label, (rate) => rate.toLocaleString("en", { maximumFractionDigits: 1 })));
  #before;
  #at = 0;

  constructor() {
    byId("charts").append(...this.#charts.map(({ element }) => element));
  }

  /** @param {Map<string, number>} metrics by name with labels */
  show(metrics) {
    this.#section.hidden = metrics.size === 0;
    const now = performance.now();
    const counts = COUNTED.map(([, name]) => sum(metrics, name));
    if (this.#before && metrics.size) {
      const seconds = (now - this.#at) / 1000;
      // A node that was restarted begins to count anew.
      counts.forEach((count, i) => this.#charts[i].add(Math.max(0, (count - this.#before[i]) / seconds)));
    }
    this.#before = metrics.size ? counts : undefined;
    this.#at = now;
  }
}

function sum(metrics, name) {
  let all = 0;
  for (const [key, value] of metrics) {
    if (key === name || key.startsWith(`${name}{`)) {
      all += value;
    }
  }
  return all;
}
