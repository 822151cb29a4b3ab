import type { Socket } from 'node:net';

/** A mail of the scripted server. What is left out is well-behaved. */
export interface ScriptedMail {
  uid: number;
  bytes: Buffer;
  internalDate?: string;
}

/** One command as it came. */
export interface Command {
  tag: string;
  /** in capitals, with UID in front for UID commands: `UID FETCH` */
  name: string;
  args: string;
  /** the whole line */
  line: string;
}

export interface Conversation {
  socket: Socket;
  /** number of this connection, from 1 */
  n: number;
  folder: string | null;
  idleTag: string | null;
  say(...lines: string[]): void;
  ok(command: Command, text?: string): void;
  /** writes bytes as they are */
  write(bytes: string | Buffer): void;
}

/** Handles a command itself and returns true, or leaves it to the well-behaved server. */
export type Twist = (command: Command, talk: Conversation, server: ScriptedServer) => boolean | Promise<boolean>;

export interface ScriptedFolder {
  flags?: string;
  uidValidity: number;
  mails: ScriptedMail[];
  uidNext?: number;
}

export interface Script {
  capabilities?: string;
  folders?: Record<string, ScriptedFolder>;
  greeting?: string;
  /** looked at first */
  twist?: Twist;
  /** user and password, default `user` and `secret` */
  password?: string;
  /** accepted access tokens (XOAUTH2) */
  tokens?: Set<string>;
}

export interface ScriptedServer {
  port: number;
  folders: Record<string, ScriptedFolder>;
  /** every command so far, of all connections */
  commands: Command[];
  connections: Conversation[];
  /** adds a mail, and tells who has the folder open and isn't silenced */
  add(folder: string, mail: ScriptedMail): void;
  /** no connection hears of anything by itself any more */
  silence: boolean;
  stop(): Promise<void>;
}

const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const unquote = (text: string) => text.trim().replace(/^"(.*)"$/, '$1');

const inSet = (set: string, uids: number[]): number[] => {
  const top = uids.at(-1) ?? 0;
  const end = (text: string) => (text === '*' ? top : Number(text));
  const ranges = set.split(',').map(range => {
    const [a = '', b = a] = range.split(':');
    return [Math.min(end(a), end(b)), Math.max(end(a), end(b))] as const;
  });
  return uids.filter(uid => ranges.some(([from, to]) => uid >= from && uid <= to));
};

const nextOf = (folder: ScriptedFolder) => folder.uidNext ?? (folder.mails.at(-1)?.uid ?? 0) + 1;

/** The items of one FETCH row (RFC 3501, section 7.4.2), bodies as literals. */
const rowOf = (mail: ScriptedMail, items: string): Buffer => {
  const parts: Buffer[] = [Buffer.from(`UID ${mail.uid}`)];
  const add = (text: string | Buffer) => parts.push(Buffer.from(' '), Buffer.from(text));
  if (/INTERNALDATE/.test(items)) add(`INTERNALDATE ${quote(mail.internalDate ?? '01-Jun-2024 10:00:00 +0300')}`);
  if (/RFC822\.SIZE/.test(items)) add(`RFC822.SIZE ${mail.bytes.length}`);
  const body = /BODY\.PEEK(\[(?:[^\]]*)\])(?:<(\d+)\.(\d+)>)?/.exec(items);
  if (body) {
    const [, section = '[]', start, length] = body;
    const bytes = start === undefined ? mail.bytes : mail.bytes.subarray(Number(start), Number(start) + Number(length));
    add(`BODY${section}${start === undefined ? '' : `<${start}>`} {${bytes.length}}\r\n`);
    parts.push(bytes);
  }
  return Buffer.concat(parts);
};

/** The untagged FETCH response of a mail with a sequence number. */
export const fetchRow = (sequence: number, mail: ScriptedMail, items: string): Buffer =>
  Buffer.concat([Buffer.from(`* ${sequence} FETCH (`), rowOf(mail, items), Buffer.from(')\r\n')]);

/** The search keys SINCE and LARGER. */
const matches = (args: string, mail: ScriptedMail): boolean => {
  const day = /SINCE (\S+)/.exec(args)?.[1];
  if (mail.bytes.length <= Number(/LARGER (\d+)/.exec(args)?.[1] ?? -1)) return false;
  return !day || Date.parse(mail.internalDate ?? '01-Jun-2024') >= Date.parse(day);
};

/** What a good server answers to each command that the connector uses. */
export const answers: Record<
  string,
  (command: Command, talk: Conversation, server: ScriptedServer, script: Script) => void
> = {
  CAPABILITY: (command, talk, _server, script) => {
    talk.say(`* CAPABILITY ${script.capabilities ?? 'IMAP4rev1 IDLE'}`);
    talk.ok(command);
  },
  NOOP: (command, talk, server) => {
    const folder = talk.folder ? server.folders[talk.folder] : undefined;
    if (folder) talk.say(`* ${folder.mails.length} EXISTS`);
    talk.ok(command);
  },
  LOGIN: (command, talk, _server, { password = 'secret' }) => {
    const given = unquote(command.args.trim().split(/\s+/)[1] ?? '');
    if (given === password) talk.ok(command, 'signed in');
    else talk.say(`${command.tag} NO [AUTHENTICATIONFAILED] Invalid credentials`);
  },
  LIST: (command, talk, server) => {
    // an empty name asks for the delimiter only (RFC 3501, section 6.3.8)
    if (/""$/.test(command.args)) talk.say('* LIST (\\Noselect) "/" ""');
    else
      for (const [name, { flags = '' }] of Object.entries(server.folders))
        talk.say(`* LIST (${flags}) "/" ${quote(name)}`);
    talk.ok(command);
  },
  LSUB: (command, talk) => talk.ok(command),
  STATUS: (command, talk, server) => {
    const [, name = ''] = /^("[^"]*"|\S+)/.exec(command.args) ?? [];
    const folder = server.folders[unquote(name)];
    if (!folder) return talk.say(`${command.tag} NO [NONEXISTENT] no such folder`);
    const status = `MESSAGES ${folder.mails.length} UIDNEXT ${nextOf(folder)} UIDVALIDITY ${folder.uidValidity}`;
    talk.say(`* STATUS ${name} (${status})`);
    talk.ok(command);
  },
  EXAMINE: (command, talk, server) => {
    const name = unquote(command.args);
    const folder = server.folders[name];
    if (!folder) return talk.say(`${command.tag} NO [NONEXISTENT] no such folder`);
    talk.folder = name;
    talk.say(
      '* FLAGS (\\Seen)',
      `* ${folder.mails.length} EXISTS`,
      `* OK [UIDVALIDITY ${folder.uidValidity}] valid`,
      `* OK [UIDNEXT ${nextOf(folder)}] next`,
    );
    talk.ok(command, '[READ-ONLY] open');
  },
  'UID SEARCH': (command, talk, server) => {
    const { mails = [] } = server.folders[talk.folder ?? ''] ?? {};
    const set = /UID ([\d:*,]+)/.exec(command.args)?.[1] ?? '1:*';
    const found = inSet(
      set,
      mails.map(mail => mail.uid),
    ).filter(uid => matches(command.args, mails.find(mail => mail.uid === uid) as ScriptedMail));
    talk.say(`* SEARCH ${found.join(' ')}`.trim());
    talk.ok(command);
  },
  'UID FETCH': (command, talk, server) => {
    const { mails = [] } = server.folders[talk.folder ?? ''] ?? {};
    const [set = '', ...items] = command.args.split(' ');
    for (const uid of inSet(
      set,
      mails.map(mail => mail.uid),
    )) {
      const i = mails.findIndex(mail => mail.uid === uid);
      talk.write(fetchRow(i + 1, mails[i] as ScriptedMail, items.join(' ')));
    }
    talk.ok(command);
  },
  IDLE: (command, talk) => {
    talk.idleTag = command.tag;
    talk.say('+ idling');
  },
  LOGOUT: (command, talk) => {
    talk.say('* BYE');
    talk.ok(command);
    talk.socket.end();
  },
};

/** AUTHENTICATE XOAUTH2 with and without an initial response (RFC 4959). */
export const authenticate = (
  command: Command,
  talk: Conversation,
  script: Script,
  next: (take: (line: string) => void) => void,
) => {
  const [mechanism = '', initial] = command.args.split(' ');
  const take = (line: string) => {
    const text = Buffer.from(line, 'base64').toString();
    const token =
      text
        .split('\x01')
        .find(field => field.startsWith('auth=Bearer '))
        ?.slice(12) ?? '';
    if (/^XOAUTH2|^OAUTHBEARER/i.test(mechanism) && script.tokens?.has(token)) return talk.ok(command, 'signed in');
    talk.say(`+ ${Buffer.from('{"status":"401"}').toString('base64')}`);
    next(() => talk.say(`${command.tag} NO [AUTHENTICATIONFAILED] token refused`));
  };
  if (initial) return take(initial);
  talk.say('+ ');
  next(take);
};
