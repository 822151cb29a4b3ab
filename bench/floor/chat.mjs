import { createServer } from 'node:http';
import { Server } from 'socket.io';

/** The floor of bench/chat.ts: a bare socket.io relay. What a visitor says goes to every agent, and is acknowledged; nothing is kept. */
const http = createServer();
const io = new Server(http, { serveClient: false });
let seq = 0;
io.of('/visitor').on('connection', socket => {
  socket.emit('session', { session: socket.id, conversation: socket.id });
  socket.on('message', (message, ack) => {
    seq += 1;
    io.of('/agent').emit('message', { ...message, conversation: socket.id, seq });
    ack({ ok: true, seq });
  });
});
io.of('/agent').on('connection', () => undefined);
http.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${http.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
