const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;

/** Values that a chart shows; at one each two seconds, two minutes. */
const MOST = 60;

/** A small chart of one figure over time, with its name and its newest value. */
export class Chart {
  #values = [];
  #line = document.createElementNS(SVG, "polyline");
  #value = document.createElement("output");
  #format;

  /**
   * @param {string} name
   * @param {(value: number) => string} [format]
   */
  constructor(name, format = (value) => value.toLocaleString("en")) {
    this.#format = format;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    svg.append(this.#line);
    const label = document.createElement("span");
    label.textContent = name;
    this.element = document.createElement("div");
    this.element.className = "chart";
    this.element.append(label, this.#value, svg);
  }

  /** @param {number} value the newest */
  add(value) {
    this.#values.push(value);
    this.#values.splice(0, this.#values.length - MOST);
    this.#value.textContent = this.#format(value);
    const top = Math.max(1, ...this.#values);
    const step = WIDTH / (MOST - 1);
    const from = WIDTH - (this.#values.length - 1) * step;
    const points = this.#values.map((one, i) => `${(from + i * step).toFixed(1)},${(HEIGHT - 2 - (one / top) * (HEIGHT - 4)).toFixed(1)}`);
    this.#line.setAttribute("points", points.join(" "));
  }
}
