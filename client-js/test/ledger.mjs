// Members and publishers that write down what they send and hear, while somebody else breaks what is between them and the
// server; at the end it is judged. Options, as JSON, are the argument:
//   urls, rooms, members, publishers, every (ms between the messages of a publisher to a room), transport
// Told by lines of the standard input: `mark` is answered by `caught up` when each member has heard in each room something that
// was sent after it, and ends pauses; `stop` ends the sending, and the verdict, as JSON, is the last line.
import { createInterface } from "node:readline";
import WebSocket from "ws";
import { connect } from "../roomcast.js";

const { urls, rooms, members, publishers, every, ...more } = JSON.parse(process.argv[2]);

/** ms: between clocks of one machine that are read at different moments. */
const SLACK = 50;
const SETTLED = 2_000;
const say = (line) => console.log(line);

/** What was sent: by flow (publisher and room) a list of {sent, held, failed}, in ms since 1970. */
const flows = new Map();
const journals = [];
let wanted;
let last = Date.now();
let underway = 0;
let lost = 0;

class Journal {
  heard = [];
  gaps = [];
  joined;

  constructor(client, member, name) {
    this.name = `member ${member} of ${name}`;
    this.roomName = name;
    const room = client.room(name);
    this.room = room;
    room.on("message", ({ message, offset }) => this.#hear(message, offset));
    room.on("gap", ({ since, until }) => this.gaps.push({ since, until }));
    this.joining = room.join().then(() => (this.joined = Date.now()));
  }

  #hear({ publisher, n, at }, offset) {
    last = Date.now();
    this.heard.push({ flow: `${publisher} ${this.roomName}`, n, offset });
    if (wanted && at >= wanted.at && wanted.open.delete(this) && wanted.open.size === 0) {
      wanted = undefined;
      say("caught up");
    }
  }
}

function client(turn, options) {
  const one = connect(urls[turn % urls.length], { WebSocket, ...more, ...options });
  one.on("state", ({ state }) => (lost += state === "waiting"));
  return one;
}

async function publish(publisher, room, flow, isOver) {
  while (!isOver()) {
    const entry = { sent: Date.now() };
    flow.push(entry);
    underway++;
    room.send({ publisher, n: flow.length - 1, at: entry.sent, pad: "x".repeat(100) })
      .then(() => (entry.held = Date.now()), (error) => (entry.failed = error.message))
      .finally(() => underway--);
    await new Promise((resolve) => setTimeout(resolve, every * (0.5 + Math.random())));
  }
}

function judge() {
  const verdict = { published: 0, failed: 0, delivered: 0, lost, gaps: 0, signalled: 0, unsignalled: 0, duplicates: 0, inversions: 0, examples: [] };
  const example = (text) => verdict.examples.length < 20 && verdict.examples.push(text);
  for (const flow of flows.values()) {
    verdict.published += flow.filter(({ held }) => held).length;
    verdict.failed += flow.filter(({ failed }) => failed).length;
  }
  for (const journal of journals) {
    verdict.delivered += journal.heard.length;
    verdict.gaps += journal.gaps.length;
    const seen = new Map();
    for (const { flow, n } of journal.heard) {
      const before = seen.get(flow) ?? { all: new Set(), newest: -1 };
      seen.set(flow, before);
      if (before.all.has(n)) {
        verdict.duplicates++;
        example(`${journal.name}: ${n} of ${flow} came again`);
      } else if (n < before.newest) {
        verdict.inversions++;
        example(`${journal.name}: ${n} of ${flow} came after ${before.newest}`);
      }
      before.all.add(n);
      before.newest = Math.max(before.newest, n);
    }
    holes(journal, seen, verdict, example);
  }
  return verdict;
}

/** What the server had, and the member did not hear although it had joined before that was sent. */
function holes(journal, seen, verdict, example) {
  for (const [name, flow] of flows) {
    if (!name.endsWith(` ${journal.roomName}`)) continue;
    flow.forEach(({ sent, held }, n) => {
      if (!held || sent <= journal.joined + SLACK || seen.get(name)?.all.has(n)) return;
      if (journal.gaps.some(({ since, until }) => since - SLACK <= held && until + SLACK >= sent)) {
        verdict.signalled++;
      } else {
        verdict.unsignalled++;
        example(`${journal.name}: ${n} of ${name} is missing, sent ${sent}, held ${held}, gaps ${JSON.stringify(journal.gaps.slice(0, 5))}`);
      }
    });
  }
}

const clients = [];
for (let member = 0; member < members; member++) {
  clients.push(client(member));
  for (const room of rooms) journals.push(new Journal(clients.at(-1), member, room));
}
await Promise.all(journals.map(({ joining }) => joining));
say("joined");

let over = false;
const sending = [];
for (let publisher = 0; publisher < publishers; publisher++) {
  clients.push(client(publisher));
  for (const name of rooms) {
    const flow = [];
    flows.set(`${publisher} ${name}`, flow);
    sending.push(publish(publisher, clients.at(-1).room(name), flow, () => over));
  }
}

for await (const line of createInterface(process.stdin)) {
  if (line === "mark") {
    wanted = { at: Date.now(), open: new Set(journals) };
    clients.forEach((one) => one.wake()); // All is well again: the rest of a pause would only take time.
  }
  if (line === "stop") break;
}
over = true;
await Promise.all(sending);
last = Date.now();
// Who is not back yet has not been told yet what is missing.
const isBack = ({ room }) => room.state === "joined";
while (underway || !journals.every(isBack) || Date.now() - last < SETTLED) await new Promise((resolve) => setTimeout(resolve, 20));
say(JSON.stringify(judge()));
process.exit(0);
