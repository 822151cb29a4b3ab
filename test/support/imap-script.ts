import { createServer, type Server, type Socket } from 'node:net';
import {
  answers,
  authenticate,
  type Command,
  type Conversation,
  type Script,
  type ScriptedFolder,
  type ScriptedServer,
} from './imap-answers.ts';

export { fetchRow, type ScriptedServer, type Twist } from './imap-answers.ts';

const parse = (line: string): Command => {
  const [, tag = '', name = '', args = ''] = /^(\S+) ((?:UID )?\S+) ?(.*)$/i.exec(line) ?? [];
  return { tag, name: name.toUpperCase(), args, line };
};

const converse = (socket: Socket, server: ScriptedServer, script: Script): void => {
  let taking: ((line: string) => void) | undefined;
  let text = '';
  const talk: Conversation = {
    socket,
    n: server.connections.length + 1,
    folder: null,
    idleTag: null,
    say: (...lines) => {
      if (!socket.destroyed) socket.write(`${lines.join('\r\n')}\r\n`);
    },
    ok: ({ tag }, said = 'done') => talk.say(`${tag} OK ${said}`),
    write: bytes => {
      if (!socket.destroyed) socket.write(bytes);
    },
  };
  server.connections.push(talk);

  const handle = async (line: string): Promise<void> => {
    if (taking) {
      const take = taking;
      taking = undefined;
      return take(line);
    }
    if (/^DONE$/i.test(line)) {
      if (talk.idleTag) talk.say(`${talk.idleTag} OK idle ended`);
      talk.idleTag = null;
      return;
    }
    const command = parse(line);
    server.commands.push(command);
    if (await script.twist?.(command, talk, server)) return;
    if (command.name === 'AUTHENTICATE')
      return authenticate(command, talk, script, take => {
        taking = take;
      });
    const answer = answers[command.name];
    if (answer) answer(command, talk, server, script);
    else talk.say(`${command.tag} BAD unknown command`);
  };

  let queue = Promise.resolve();
  socket.on('error', () => {});
  socket.on('data', chunk => {
    text += chunk.toString('latin1');
    const lines = text.split('\r\n');
    text = lines.pop() ?? '';
    for (const line of lines) queue = queue.then(() => handle(line));
  });
  talk.say(script.greeting ?? '* OK ready');
};

/**
 * A fake IMAP server on loopback that behaves well except where `twist` says otherwise: for what a real server can't
 * be made to do.
 */
export const startScript = async (script: Script): Promise<ScriptedServer> => {
  const sockets = new Set<Socket>();
  const listener: Server = createServer(socket => {
    sockets.add(socket.setNoDelay());
    socket.once('close', () => sockets.delete(socket));
    converse(socket, server, script);
  });
  const server: ScriptedServer = {
    port: 0,
    folders: script.folders ?? { INBOX: { uidValidity: 1, mails: [] } },
    commands: [],
    connections: [],
    silence: false,
    add(name, mail) {
      const folder = server.folders[name] as ScriptedFolder;
      folder.mails.push(mail);
      if (server.silence) return;
      for (const talk of server.connections)
        if (talk.folder === name && talk.idleTag) talk.say(`* ${folder.mails.length} EXISTS`);
    },
    async stop() {
      const closed = new Promise(resolve => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  server.port = (listener.address() as { port: number }).port;
  return server;
};
