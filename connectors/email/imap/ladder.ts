import type { Socket } from 'node:net';
import type { ImapFlow } from 'imapflow';
import type { Account, Rung } from '../../contract.ts';
import { firstValue, readHeader, unfold } from '../parse/fields.ts';
import { decodeWords } from '../parse/words.ts';
import { openClient } from './client.ts';
import { type EmailConfig, portOf } from './config.ts';
import { askStartTls, openTcp, readGreeting, resolveHost, startTls } from './dialogue.ts';
import { explain } from './errors.ts';
import { absentOf, type Folder, listFolders } from './folders.ts';
import { type Fetch, tokensOf } from './oauth.ts';
import { examine } from './state.ts';
import { within } from './waiting.ts';

const SAMPLES = 5;
const PATIENCE = 60_000;

/** Messages for errors that only occur in `dialogue.ts`. */
const WORDS: Record<string, string> = {
  NOT_IMAP: 'The port is open, but what answers there is no IMAP server. 993 is usual for TLS, 143 for STARTTLS.',
  GREETED_BYE: 'The mail server turns connections away just now. Try again later.',
  NO_STARTTLS: 'The mail server does not offer STARTTLS on this port. Use TLS (port 993).',
};

const wordsOf = (error: unknown): string => WORDS[(error as { code?: string }).code ?? ''] ?? explain(error).words;

interface Climb {
  account: Account<EmailConfig>;
  config: EmailConfig;
  fetch: Fetch;
  socket?: Socket;
  client?: ImapFlow;
  folders?: Folder[];
}

type Step = (climb: Climb) => Promise<Omit<Rung, 'name' | 'ok'>>;

const name: Step = async ({ config }) => {
  const addresses = await resolveHost(config);
  return { detail: `${config.host} is ${addresses.join(', ')}.`, data: { addresses } };
};

const tcp: Step = async climb => {
  climb.socket = await openTcp(climb.config);
  if (climb.config.security !== 'tls') await readGreeting(climb.socket);
  return { detail: `Port ${portOf(climb.config)} is open.` };
};

const tls: Step = async climb => {
  const { config, socket } = climb;
  if (!socket || config.security === 'none')
    return { detail: 'Not encrypted: password and mail can be read on the way. Use TLS or STARTTLS if you can.' };
  if (config.security === 'starttls') await askStartTls(socket);
  const secure = await startTls(config, socket);
  climb.socket = secure;
  if (config.security === 'tls') await readGreeting(secure);
  const { valid_to: until } = secure.getPeerCertificate();
  return { detail: `${secure.getProtocol()}, the certificate is good until ${until}.`, data: { until } };
};

const signIn: Step = async climb => {
  climb.socket?.destroy();
  const { config } = climb;
  const tokens = tokensOf(climb.fetch, climb.account);
  climb.client = await openClient({ config, ...(tokens && { tokens }) });
  return { detail: 'Signed in.' };
};

const folders: Step = async climb => {
  const found = await listFolders(climb.client as ImapFlow, climb.config, true);
  climb.folders = found.filter(folder => folder.pulled);
  const lacking = absentOf(climb.config, found);
  if (lacking.length || !climb.folders.length)
    throw Object.assign(new Error('folders are lacking'), { code: 'LACKING', lacking });
  const data = found.map(({ path, role, pulled, status }) => ({
    name: path,
    pulled,
    messages: status?.messages ?? null,
    role: role ?? null,
  }));
  const count = climb.folders.reduce((sum, { status }) => sum + (status?.messages ?? 0), 0);
  return { detail: `${climb.folders.length} of ${found.length} folders will be read: ${count} mails.`, data };
};

const decoded = (headers: Buffer = Buffer.alloc(0)) => {
  const text = headers.toString('latin1');
  const fields = readHeader(text, 0, { final: true, limit: text.length + 1 })?.fields ?? [];
  const first = (name: string) => decodeWords(unfold(firstValue(fields, name) ?? ''));
  return { subject: first('subject'), from: first('from'), date: first('date') };
};

const mails: Step = async ({ client, folders: pulled = [] }) => {
  const folder = pulled.find(({ path }) => path === 'INBOX') ?? pulled[0];
  if (!client || !folder) return { detail: 'No folder is read.' };
  await examine(client, folder.path);
  const count = client.mailbox ? client.mailbox.exists : 0;
  if (!count) return { detail: `${folder.path} is empty.`, data: [] };
  const data: unknown[] = [];
  const range = `${Math.max(1, count - SAMPLES + 1)}:*`;
  for await (const row of client.fetch(range, { uid: true, headers: ['subject', 'from', 'date'] }))
    data.unshift({ uid: row.uid, ...decoded(row.headers) });
  return { detail: `The newest ${data.length} of ${count} mails in ${folder.path}.`, data };
};

const STEPS: [string, Step][] = [
  ['name', name],
  ['TCP', tcp],
  ['TLS', tls],
  ['sign-in', signIn],
  ['folders', folders],
  ['sample mails', mails],
];

const failed = (rung: string, error: unknown): Rung => {
  const { lacking } = error as { lacking?: string[] };
  if (!lacking) return { name: rung, ok: false, detail: wordsOf(error) };
  const detail = lacking.length
    ? `The mailbox has no folder named ${lacking.join(', ')}. Correct the folders of the account.`
    : 'The mailbox has no folder that is read.';
  return { name: rung, ok: false, detail, data: { lacking } };
};

/** `Connector.test`: one rung after the other; those after a failed one aren't tried. Changes nothing at the source. */
export const makeLadder = ({ fetch }: { fetch: Fetch }) =>
  async function* test(account: Account<EmailConfig>): AsyncGenerator<Rung> {
    const climb: Climb = { account, config: account.config, fetch };
    try {
      for (const [rung, step] of STEPS) {
        try {
          yield { name: rung, ok: true, ...(await within(PATIENCE, step(climb))) };
        } catch (error) {
          yield failed(rung, error);
          return;
        }
      }
    } finally {
      climb.socket?.destroy();
      climb.client?.close();
    }
  };
