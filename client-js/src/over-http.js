import { PATIENCE, QUIET } from "./timing.js";

const LOST_LINK = 1006;

function position({ epoch, offset }) {
  return `${epoch}:${offset}`;
}

/** The same commands and events by requests, and a stream for each room. */
export function overHttp({ http }, { fetch = globalThis.fetch }, on, token) {
  const underway = new Set();
  const streams = new Map();

  async function request(path, stop, init = {}) {
    underway.add(stop);
    const headers = { ...init.headers, ...(token && { authorization: `Bearer ${token}` }) };
    return fetch(http + path, { ...init, headers, signal: stop.signal });
  }

  async function tell(id, { ok, status, headers }, body) {
    const temporary = status === 429 || (status > 499 && status !== 501);
    const after = 1000 * headers.get("retry-after"); // No number when it is a date.
    on.heard(ok ? { ...body, id } : { ...body, id, type: "error", text: body.detail ?? `HTTP ${status}`, temporary, after });
  }

  async function ask(id, path, init) {
    const stop = new AbortController();
    const response = await request(path, stop, init);
    const body = await response.json().catch(() => ({}));
    underway.delete(stop);
    tell(id, response, body);
  }

  async function stream({ id, room, since }, path, stop) {
    const response = await request(path, stop, since && { headers: { "last-event-id": position(since) } });
    if (!response.ok) {
      streams.delete(room);
      return tell(id, response, await response.json().catch(() => ({})));
    }
    if (!since) on.heard({ type: "subscribed", id, room });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    let timer;
    try {
      for (;;) {
        clearTimeout(timer);
        timer = setTimeout(on.down, QUIET + PATIENCE, LOST_LINK, "the server went silent");
        const { value, done } = await reader.read();
        if (done) return on.down(LOST_LINK);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        blocks.forEach((block) => take(block, id, room));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  function take(block, id, room) {
    const [, epoch, offset] = /^id: ?(.*):(\d+)$/m.exec(block) ?? [];
    const [, data] = /^data: ?(.*)$/m.exec(block) ?? [];
    if (data) {
      const event = JSON.parse(data);
      if (event.type === "subscribed") event.id = id;
      on.heard(epoch ? { epoch, ...event } : event);
    } else if (epoch) {
      on.heard({ type: "position", room, epoch, offset: +offset });
    }
  }

  async function play({ id, type, room, last, message, key, token: next, ...query }, stop) {
    const path = `/v1/rooms/${encodeURIComponent(room)}`;
    if (type === "connect" || type === "ping") {
      await ask(id, "/live");
    } else if (type === "sendMessage") {
      const headers = { "content-type": "application/json", ...(key && { "idempotency-key": key }) };
      await ask(id, path + "/messages", { method: "POST", body: JSON.stringify(message), headers });
    } else if (type === "SUBSCRIBE" && streams.has(room)) {
      on.heard({ type: "subscribed", id, room }); // Its messages say where they stand.
    } else if (type === "SUBSCRIBE" && !last) {
      streams.set(room, stop);
      await stream(arguments[0], path + "/events", stop);
    } else if (type === "UNSUBSCRIBE") {
      streams.get(room)?.abort();
      streams.delete(room);
      on.heard({ type: "unsubscribed", id, room });
    } else if (type === "history" || type === "presence") {
      const { since, counts, ...more } = query;
      if (since) more.since = position(since);
      if (counts) more.counts = 1;
      await ask(id, `${path}/${type === "history" ? type : "members"}?${new URLSearchParams(more)}`);
    } else if (type === "refresh") {
      token = next;
      on.heard({ type: "connected", id });
    } else {
      on.heard({ type: "error", id, code: 1501, text: "that needs a WebSocket", temporary: false });
    }
  }

  queueMicrotask(on.up);
  return {
    send(command) {
      const stop = new AbortController();
      play(command, stop).catch((error) => stop.signal.aborted || on.down(LOST_LINK, error.message));
    },
    end: () => underway.forEach((stop) => stop.abort()),
  };
}
