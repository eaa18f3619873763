// Socket.IO with its Redis adapter, as its documentation sets it up.
//
//   node server.js PORT REDIS_URL
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';

const [port, redisUrl] = process.argv.slice(2);
const publisher = createClient({ url: redisUrl });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  adapter: createAdapter(publisher, subscriber),
});
io.on('connection', (socket) => {
  socket.on('SUBSCRIBE', async (room, done) => {
    await socket.join(room);
    done();
  });
  socket.on('UNSUBSCRIBE', async (room, done) => {
    await socket.leave(room);
    done();
  });
  socket.on('sendMessage', (room, message) => io.to(room).emit('message', message));
});
http.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 }, () => console.log('listening'));
