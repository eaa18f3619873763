import { connect } from "roomcast";

const ANIMALS = ["otter", "heron", "lynx", "badger", "swift", "newt", "marten", "crane"];

/** A client that is called by some animal, and shows how it is connected. */
export function open() {
  const name = `${ANIMALS[Math.floor(Math.random() * ANIMALS.length)]} ${Math.floor(Math.random() * 1000)}`;
  const client = connect(document.querySelector("meta[name=roomcast]").content, { name });
  const show = () => (document.querySelector("#state").textContent = `${name}, ${client.state}`);
  client.on("state", show);
  show();
  return client;
}
