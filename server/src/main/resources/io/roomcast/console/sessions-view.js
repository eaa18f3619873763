import { byId, make } from "/console/dom.js";
import { counted } from "/console/words.js";

const SURE_MS = 4_000;

/** The sessions of a user, or of a name; and what can be done to them. */
export class SessionsView {
  #api;
  #text = byId("sessions-text");
  #path = "";

  /** @param {import("/console/operator-api.js").OperatorApi} api */
  constructor(api) {
    this.#api = api;
    byId("sessions-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const name = byId("session-name").value;
      if (name) {
        this.#find(byId("session-kind").value, name);
      }
    });
    twice(byId("session-again"), () => this.#end({ reconnect: true }));
    twice(byId("session-end"), () => this.#end({}));
  }

  async #find(kind, name) {
    this.#path = `${kind}/${encodeURIComponent(name)}`;
    await this.#try(async () => {
      const { sessions, more, complete } = await this.#api.get(kind === "users" ? `${this.#path}/sessions` : this.#path);
      byId("session-rows").replaceChildren(...sessions.map(row));
      const part = [more && "there are more", complete === false && "some nodes did not answer"].filter(Boolean).join("; ");
      this.#text.textContent = counted(sessions.length, "session") + (part ? ` (${part})` : "");
      byId("sessions-table").hidden = byId("session-actions").hidden = sessions.length === 0;
    });
  }

  async #end(how) {
    await this.#try(async () => {
      const { sessions, failed } = await this.#api.post(`${this.#path}/disconnect`, how);
      const missed = failed ? `; with ${failed} it did not work` : "";
      this.#text.textContent = `${counted(sessions, "session")} disconnected${missed}`;
      byId("session-rows").replaceChildren();
      byId("sessions-table").hidden = byId("session-actions").hidden = true;
    });
  }

  async #try(action) {
    try {
      await action();
    } catch (error) {
      this.#text.textContent = `That did not work: ${error.message}`;
    }
  }
}

function row({ session, user, node, wire, rooms }) {
  const texts = [session, user ?? "", node, wire, rooms.join(", ")];
  return make("tr", "", ...texts.map((text) => make("td", "", text)));
}

/** Does it when the button is pressed a second time soon after. */
function twice(button, action) {
  const text = button.textContent;
  let sure = 0;
  const calm = () => {
    clearTimeout(sure);
    sure = 0;
    button.textContent = text;
  };
  button.addEventListener("click", () => {
    if (sure) {
      calm();
      action();
    } else {
      button.textContent = `${text}: sure?`;
      sure = setTimeout(calm, SURE_MS);
    }
  });
}
