import { connect } from "/roomcast.js";
import { Chart } from "/console/chart.js";
import { byId, make, soon } from "/console/dom.js";
import { clock, gapText, messageOf } from "/console/words.js";

/** Lines that are kept; the oldest go first. */
const MOST = 200;

/** The rate is that of so many seconds. */
const RATE_SECONDS = 5;

const TEXTS = { joining: "joining …", joined: "live", left: "not followed" };

/** One room as it happens, and a field to publish to it. Follows by Server-Sent Events, which take the API key. */
export class TailView {
  #api;
  #client;
  #room;
  #chart;
  #paused = false;
  #fresh = [];
  #times = [];
  #lines = byId("tail-lines");
  #append = soon(() => this.#appendFresh());

  /** @param {import("/console/operator-api.js").OperatorApi} api */
  constructor(api) {
    this.#api = api;
    byId("tail-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (byId("tail-room").value) {
        this.follow(byId("tail-room").value);
      }
    });
    byId("tail-pause").addEventListener("click", () => this.#pause(!this.#paused));
    byId("tail-who").addEventListener("click", () => this.#showMembers(this.#room));
    byId("tail-stop").addEventListener("click", () => this.stop());
    byId("publish").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#publish();
    });
    setInterval(() => this.#showRate(), 1_000);
  }

  /** @param {string} name */
  follow(name) {
    this.stop();
    byId("tail-room").value = name;
    byId("tail").hidden = false;
    this.#lines.replaceChildren();
    this.#pause(false);
    this.#times = [];
    this.#chart = new Chart("messages, each second", (rate) => rate.toFixed(1));
    byId("tail-chart").replaceChildren(this.#chart.element);
    const client = connect(undefined, { transport: "http", token: this.#api.key || undefined });
    const room = client.room(name);
    this.#client = client;
    this.#room = room;
    room.on("message", (event) => this.#heard(event));
    room.on("gap", (gap) => this.#line(make("li", "remark", gapText(gap))));
    room.on("state", () => this.#showState());
    client.on("state", () => this.#showState());
    room.join().catch(() => {}); // Shown with the state.
    byId("tail-members").textContent = "";
    byId("publish-result").textContent = "";
    byId("tail-title").scrollIntoView({ block: "nearest" });
  }

  stop() {
    this.#client?.close();
    this.#client = this.#room = undefined;
    byId("tail").hidden = true;
  }

  #heard({ message, from, time, offset }) {
    this.#times.push(performance.now());
    const text = typeof message === "string" ? message : JSON.stringify(message);
    const head = make("span", "tail-head", [clock(time ?? Date.now()), offset && `#${offset}`, from].filter(Boolean).join(" "));
    this.#line(make("li", "", head, make("span", "tail-text", text)));
  }

  #line(item) {
    this.#fresh.push(item);
    this.#fresh.splice(0, this.#fresh.length - MOST);
    if (!this.#paused) {
      this.#append();
    }
  }

  #appendFresh() {
    const { scrollHeight, scrollTop, clientHeight } = this.#lines;
    const following = scrollHeight - scrollTop - clientHeight < 32;
    this.#lines.append(...this.#fresh.splice(0));
    while (this.#lines.childElementCount > MOST) {
      this.#lines.firstElementChild.remove();
    }
    if (following) {
      this.#lines.scrollTop = this.#lines.scrollHeight;
    }
  }

  #pause(paused) {
    this.#paused = paused;
    byId("tail-pause").textContent = paused ? "Go on" : "Pause";
    byId("tail-pause").setAttribute("aria-pressed", String(paused));
    if (!paused) {
      this.#append();
    }
  }

  #showState() {
    const { state, error, epoch, offset } = this.#room ?? { state: "left" };
    const trouble = error ?? this.#client?.error;
    byId("tail-state").textContent = TEXTS[state] + (trouble && state !== "joined" ? ` (${trouble.message})` : "");
    byId("tail-position").textContent = epoch ? `${epoch}:${offset}` : "no log";
  }

  #showRate() {
    if (this.#room) {
      const now = performance.now();
      this.#times = this.#times.filter((at) => now - at < RATE_SECONDS * 1_000);
      const rate = this.#times.length / RATE_SECONDS;
      byId("tail-rate").textContent = rate.toFixed(1);
      this.#chart.add(rate);
      this.#showState();
    }
  }

  async #showMembers(room) {
    const place = byId("tail-members");
    try {
      const { users, more, count } = await room.presence({ limit: 20 });
      place.textContent = `${count}${users.length ? `: ${users.join(", ")}${more ? ", …" : ""}` : ""}`;
    } catch (error) {
      place.textContent = error.message;
    }
  }

  async #publish() {
    const field = byId("publish-text");
    const result = byId("publish-result");
    const text = field.value;
    if (!text.trim() || !this.#room) {
      return;
    }
    try {
      const { offset } = await this.#room.send(messageOf(text).value);
      field.value = "";
      result.textContent = offset ? `Published as number ${offset}` : "Published";
    } catch (error) {
      result.textContent = `Not published: ${error.message}`;
    }
  }
}
