// Compiled, never run: how the declarations may be used, and how not.
import { connect, RoomcastError, type Client, type Gap, type Message, type Room } from "roomcast";
import { useClientState, useRoom } from "roomcast/react";

interface Chat {
  text: string;
}

export async function right(): Promise<void> {
  const client: Client = connect("wss://chat.example", { token: async () => "t", name: "ada", patience: 1_000 });
  connect();
  connect(new URL("ws://localhost"), { transport: "http", WebSocket: class { constructor(readonly url: string) {} } });
  const room: Room<Chat> = client.room<Chat>("room1");
  const off: () => void = room.on("message", (message: Message<Chat>) => message.message.text.trim());
  room.on("gap", ({ since, until, reason }: Gap) => reason === "connection" && until - since > 0);
  room.on("joined", ({ type, user }) => type === "joined" && user.trim());
  room.on("state", ({ state, error }) => state === "left" && error?.code === 1403);
  const { recovered, offset } = await room.join({ last: 10 });
  await room.join({ token: async () => "t" });
  await room.join({ since: { epoch: "e", offset: offset ?? 0 } });
  const sent = await room.send({ text: "hi" }, { echo: false, keep: false, key: "k" });
  if (sent.local || recovered) off();
  for await (const { message, own, from } of room) if (own ?? from) message.text.length;
  const { messages, more } = await room.history({ before: 7, limit: 10 });
  if (more) await room.history({ since: { epoch: "e", offset: messages[0]?.offset ?? 1 } });
  const { sessions } = await room.presence({ counts: true });
  const { users, infos, count } = await room.presence({ after: "ada" });
  users.includes("ada") || infos?.ada || count > sessions;
  client.on("room", ({ name }) => name.trim());
  client.on("state", ({ state, retryAt, error }) => state === "waiting" && (retryAt ?? 0) > 0 && error?.temporary);
  await client.identify({ name: "grace", token: "t" });
  await room.leave();
  client.close();
  throw new RoomcastError("text", 1, true);
}

export function Component(client: Client): number {
  const { messages, entries, send, state, error, room } = useRoom<Chat>(client, "room1", { last: 3, most: 5 });
  void send({ text: state + room.name + useClientState(client) });
  return messages.map(({ message }) => message.text.length).length + entries.length + (error?.code ?? 0);
}

export function wrong(client: Client, room: Room<Chat>): void {
  // @ts-expect-error no such option
  connect("ws://localhost", { tokens: "t" });
  // @ts-expect-error no such event
  room.on("messages", () => {});
  // @ts-expect-error not what this room holds
  void room.send("hi");
  // @ts-expect-error either or
  void room.join({ last: 1, since: { epoch: "e", offset: 1 } });
  // @ts-expect-error a position has an epoch
  void room.join({ since: { offset: 1 } });
  // @ts-expect-error is told, not set
  client.state = "closed";
  // @ts-expect-error an event of a room
  client.on("message", () => {});
}
