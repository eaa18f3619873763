// The usual small server of this kind: ws and node-redis, one Redis client that publishes and one
// that subscribes, a channel subscribed while a room has users. Nothing is answered; members get
// the bare message.
//
//   node server.js PORT REDIS_URL
import { WebSocketServer } from 'ws';
import { createClient } from 'redis';

const [port, redisUrl] = process.argv.slice(2);
const publisher = createClient({ url: redisUrl });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const rooms = new Map(); // room -> Set of sockets

const deliver = (message, room) => {
  for (const socket of rooms.get(room) ?? []) socket.send(message);
};

const join = (socket, room) => {
  let members = rooms.get(room);
  if (!members) {
    rooms.set(room, (members = new Set()));
    subscriber.subscribe(room, deliver);
  }
  members.add(socket);
  socket.rooms.add(room);
};

const leave = (socket, room) => {
  const members = rooms.get(room);
  socket.rooms.delete(room);
  if (members?.delete(socket) && members.size === 0) {
    rooms.delete(room);
    subscriber.unsubscribe(room);
  }
};

const server = new WebSocketServer({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
server.on('connection', (socket) => {
  socket.rooms = new Set();
  socket.on('message', (data) => {
    const { type, room, message } = JSON.parse(data);
    if (type === 'SUBSCRIBE') join(socket, room);
    else if (type === 'UNSUBSCRIBE') leave(socket, room);
    else if (type === 'sendMessage') publisher.publish(room, message);
  });
  socket.on('error', () => {});
  socket.on('close', () => [...socket.rooms].forEach((room) => leave(socket, room)));
});
server.on('listening', () => console.log('listening'));
