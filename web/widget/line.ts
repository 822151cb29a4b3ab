import { io } from 'socket.io-client';
import { newId } from '../ui/id.ts';
import { type Kept, makeKeep, type Unsent } from './keep.ts';

export interface File {
  name: string | null;
  size: number;
  url?: string;
}

/** A message as it is shown. Without `seq` it isn't acknowledged yet. `at`: Unix milliseconds. */
export interface Said {
  /** the visitor's own messages have the id they were sent with; those of others have an id made of their number, since senders' ids may coincide */
  id: string;
  seq?: number;
  mine: boolean;
  name: string | null;
  text: string;
  at: number;
  files: File[];
  /** why it was refused, in words */
  error?: string;
}

interface Session {
  session: string;
  conversation: string;
  name: string;
  ask: { name: boolean; email: boolean };
  keep: { unknown: string | null; customer: string | null };
  agents: boolean;
}

interface Incoming {
  id: string;
  seq: number;
  text: string;
  from: { role: string; name: string | null };
  at: string;
  parts: File[];
}

type Refusal = Error & { description?: unknown; data?: { again?: boolean } };

type Ack = { ok: true; seq: number } | { ok: false; error: string; again?: boolean };

export interface Line {
  state: 'idle' | 'connecting' | 'open' | 'away' | 'refused';
  session: Session | null;
  said: Said[];
  types: string | null;
  unread: number;
  /** the visitor has answered the questions, or there are none */
  asked: boolean;
  /** who is signed in on the page: separates the chats of people who share a browser */
  who: string;
}

export interface Identity {
  type: string;
  value: string;
}

export const whoIs = (identity: Identity | null): string => (identity ? `${identity.type}:${identity.value}` : '');

export interface LineOptions {
  hub: string;
  account: string;
  /** who is signed in on this page, signed by the site's server; asked for at each connection. Rejects when that can't be determined */
  identity(): Promise<Identity | null>;
  who: string;
}

const ACK_MS = 10_000;
const AGAIN_MS = 3000;
const TYPES_MS = 4000;

/** The connection to the hub: sends messages again until they are acknowledged, and orders all. `changed` is called after each change of `line`. */
export const makeLine = ({ hub, account, identity, who }: LineOptions, changed: () => void) => {
  const keepOf = (one: string) => makeKeep(`talteen/${account}/${one}`);
  let keep = keepOf(who);
  let kept: Kept = keep.load();
  const byId = new Map<string, Said>();
  const seqs = new Set<number>();
  let last = 0;
  let sending = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let typedAt = 0;
  const line: Line = { state: 'idle', session: null, said: [], types: null, unread: 0, asked: false, who };

  const show = (): void => {
    line.said = [...byId.values()].sort((a, b) => (a.seq ?? 1e9) - (b.seq ?? 1e9) || a.at - b.at);
    line.asked =
      !!line.session && (!line.session.ask.name || !!kept.name?.trim()) && (!line.session.ask.email || !!kept.email);
    changed();
  };

  /** Notes that a message is here. `last`: all up to this number are here, so that the hub needn't send them again. */
  const counted = (seq: number): void => {
    seqs.add(seq);
    while (seqs.delete(last + 1)) last += 1;
  };

  const waiting = ({ id, text, at, files }: Unsent): Said => ({
    id,
    text,
    at,
    mine: true,
    name: null,
    files: files.map(name => ({ name, size: 0 })),
  });
  const showUnsent = (): void => {
    for (const unsent of keep.unsent()) byId.set(unsent.id, waiting(unsent));
  };
  showUnsent();

  /** Switches to the chat of another identity, when somebody else has signed in or nobody is any more. */
  const become = (one: string): void => {
    if (one === line.who) return;
    keep = keepOf(one);
    kept = keep.load();
    byId.clear();
    seqs.clear();
    last = 0;
    Object.assign(line, { who: one, session: null, unread: 0 });
    showUnsent();
    show();
  };

  const auth = async (done: (data: object) => void): Promise<void> => {
    const signed = await identity().catch(() => undefined);
    if (signed !== undefined) become(whoIs(signed));
    kept = { ...keep.load(), ...kept };
    const { session, name, email } = kept;
    done({ account, session, lastSeq: last, name, email, ...(signed ? { identity: signed } : {}) });
  };
  // many networks block WebSockets; and only an HTTP answer tells a page that its origin isn't allowed
  const transports = ['websocket', 'polling'];
  const socket = io(`${hub}/visitor`, { auth, autoConnect: false, transports, tryAllTransports: true });

  const comeBack = (ms: number): void => {
    setTimeout(() => {
      if (!socket.active) socket.connect();
    }, ms);
  };

  const acknowledged = ({ id }: Unsent, seq: number): void => {
    keep.drop(id);
    const said = byId.get(id);
    if (said) byId.set(id, { ...said, seq });
    counted(seq);
  };

  const sendOne = async (unsent: Unsent): Promise<void> => {
    const { id, text, parts } = unsent;
    const message = { id, conversation: line.session?.conversation, text, parts };
    const ack = (await socket.timeout(ACK_MS).emitWithAck('message', message)) as Ack;
    if (ack.ok) return acknowledged(unsent, ack.seq);
    if (ack.again) throw new Error(ack.error);
    keep.drop(id);
    const said = byId.get(id);
    if (said) byId.set(id, { ...said, error: ack.error });
  };

  /** Sends unsent messages one after another, in their order; with the same id again a message isn't stored twice. */
  const flush = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    try {
      for (let [next] = keep.unsent(); next && socket.connected && line.session; [next] = keep.unsent()) {
        if (!byId.has(next.id)) byId.set(next.id, waiting(next));
        await sendOne(next);
        show();
      }
    } catch {
      setTimeout(() => void flush(), AGAIN_MS);
    } finally {
      sending = false;
    }
  };

  const begin = (session: Session): void => {
    if (kept.session && kept.session !== session.session) {
      for (const [id, { seq }] of byId) if (seq) byId.delete(id);
      seqs.clear();
      last = 0;
      kept = { ...kept, read: 0 };
    }
    kept = { ...kept, session: session.session };
    keep.save(kept);
    line.session = session;
    line.state = 'open';
    show();
    void flush();
  };

  const take = ({ id: given, seq, text, from, at, parts }: Incoming): void => {
    const mine = from.role === 'visitor';
    const id = mine ? given : `no. ${seq}`;
    if (!mine && !byId.has(id) && seq > (kept.read ?? 0)) line.unread += 1;
    byId.set(id, { id, seq, mine, name: from.name, text, at: Date.parse(at), files: parts });
    if (mine) keep.drop(id);
    else line.types = null;
    counted(seq);
    show();
  };

  /** Handles a failed connection. `description`: status of an HTTP answer; an origin that isn't listed is refused before there is a connection. */
  const refused = ({ description, data }: Refusal): void => {
    const forbidden = typeof description === 'number' && description >= 400 && description < 500;
    const known = line.state === 'refused' && !line.session;
    line.state = socket.active && !forbidden && !known ? 'away' : 'refused';
    show();
    // refused by the hub, not by the network: tried again only when that may help
    if (data?.again) comeBack(AGAIN_MS * 2);
  };

  socket.on('session', begin);
  socket.on('message', take);
  socket.on('presence', ({ agents }: { agents: boolean }) => {
    if (line.session) line.session = { ...line.session, agents };
    show();
  });
  socket.on('typing', ({ name }: { name: string }) => {
    line.types = name;
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      line.types = null;
      show();
    }, TYPES_MS);
    show();
  });
  socket.on('connect_error', refused);
  socket.on('disconnect', reason => {
    line.state = 'away';
    show();
    if (reason === 'io server disconnect') comeBack(AGAIN_MS);
  });

  const put = (text: string, parts: string[] = [], files: string[] = []): void => {
    const unsent: Unsent = { id: newId(), text, parts, files, at: Date.now() };
    keep.put(unsent);
    byId.set(unsent.id, waiting(unsent));
    show();
    void flush();
  };

  return {
    line,
    connect: (): void => {
      if (socket.active) return;
      line.state = 'connecting';
      socket.connect();
      show();
    },
    /** whether this browser has chatted before, so that answers may have come */
    isKnown: (): boolean => kept.session !== undefined,
    say: put,
    draft: () => keep.draft(),
    setDraft: (text: string) => keep.setDraft(text),
    /** Uploads a file and sends it as a message. Rejects when it isn't accepted; with an empty message when no reason is known. */
    sendFile: async (file: globalThis.File): Promise<void> => {
      const form = new FormData();
      form.set('account', account);
      form.set('session', kept.session ?? '');
      form.set('file', file);
      const answer = await fetch(`${hub}/visitor/files`, { method: 'POST', body: form, credentials: 'omit' }).catch(
        () => null,
      );
      // a proxy in between may answer in another form than the hub
      const { detail, part }: { detail?: string; part?: string } = (await answer?.json().catch(() => ({}))) ?? {};
      if (!answer?.ok || !part) throw new Error(detail ?? '');
      put('', [part], [file.name]);
    },
    answer: (given: Pick<Kept, 'name' | 'email'>): void => {
      kept = { ...kept, ...given };
      keep.save(kept);
      show();
      socket.disconnect().connect(); // name and address are sent when the connection is opened
    },
    typing: (): void => {
      if (Date.now() - typedAt < TYPES_MS / 2 || !socket.connected) return;
      typedAt = Date.now();
      socket.emit('typing');
    },
    remove: (id: string): void => {
      keep.drop(id);
      byId.delete(id);
      show();
    },
    read: (): void => {
      line.unread = 0;
      kept = { ...kept, read: Math.max(kept.read ?? 0, ...line.said.map(({ seq = 0 }) => seq)) };
      keep.save(kept);
      changed();
    },
  };
};

export type Chat = ReturnType<typeof makeLine>;
