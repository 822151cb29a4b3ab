import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { type Connector, ConnectorError } from '../../../connectors/contract.ts';
import { addressesOf, configSchema, secrets, secretsGoTo } from '../../../connectors/email/imap/config.ts';
import type { Role } from '../../../models/access.ts';
import { makeAccess } from '../../../server/access/index.ts';
import { openSecrets } from '../../../server/access/secrets.ts';
import { makeAccounts } from '../../../server/accounts/index.ts';
import { makeApp } from '../../../server/app.ts';
import { makeImports } from '../../../server/capture/imports.ts';
import { makeInbox } from '../../../server/capture/inbox.ts';
import { makeOpenAccount } from '../../../server/capture/open-account.ts';
import { makeOurs } from '../../../server/capture/ours.ts';
import { makeReplay } from '../../../server/capture/replay.ts';
import { makeDataId } from '../../../server/data-id.ts';
import type { HttpDeps } from '../../../server/http/deps.ts';
import { makeLog } from '../../../server/logging.ts';
import { makeRegister } from '../../../server/register/index.ts';
import { makeLink } from '../../../server/timeline/link.ts';
import { COUNTRY, freshStore, makeHub, ZONE } from '../../support/capture.ts';

/** Originals of this connector are pieces joined by '|': the head, then its parts. Its config and secrets are a mailbox's. */
export const mail: Connector = {
  id: 'email',
  label: 'E-mail',
  configSchema: configSchema as Connector['configSchema'],
  secrets,
  secretsGoTo,
  addresses: config => addressesOf(config as never),
  openPart: async (raw, n) => {
    const whole = Buffer.concat(await raw.open().toArray()).toString('latin1');
    return Readable.from([Buffer.from(whole.split('|')[n] ?? '', 'latin1')]);
  },
  async *test(account) {
    yield { name: 'name', ok: true, detail: 'found' };
    const { host } = account.config as { host: string };
    if (host === 'broken.example') throw new ConnectorError('stop', 'Nobody answers there.');
    yield { name: 'sign-in', ok: true, detail: 'welcome' };
  },
  async *importFile(_account, file) {
    yield { stream: file.name, items: [], failed: [], next: {} };
  },
};

/** What is posted is one item each line; 'forged' is refused. */
export const pushed: Connector = {
  id: 'pushed',
  label: 'Pushed',
  configSchema: z.object({ secret: z.string().min(4), folder: z.string().optional() }) as Connector['configSchema'],
  secrets: ['secret'],
  folders: ['folder'],
  webhooks: ['events'],
  receive: async (_account, { body, path, authenticated, query }) => {
    const text = Buffer.from(body).toString();
    if (text === 'forged') throw new ConnectorError('reject', 'The signature is wrong.');
    return {
      items: text.split('\n').map(line => ({
        sourceKey: line,
        kind: 'interaction' as const,
        channel: 'note',
        direction: 'inbound' as const,
        occurredAt: new Date('2026-11-01T08:00:00Z'),
        participants: [{ role: 'from' as const, identifier: { type: 'email', value: 'pusher@kuusilahti.example' } }],
        parties: [0],
        threadKeys: [],
        text: line,
        parts: [],
      })),
      failed: [],
      reply: { status: 201, headers: { 'X-Reply': 'yes' }, body: JSON.stringify({ path, authenticated, query }) },
    };
  },
};

export const TOKENS: Record<Role, string> = {
  administrator: 'token-of-an-administrator-0123456789',
  'privacy-officer': 'token-of-a-privacy-officer-0123456789',
  agent: 'token-of-an-agent-0123456789-abcdefgh',
  source: 'token-of-a-source-0123456789-abcdefgh',
};
/** The account that the source's token is bound to. */
export const SOURCE_ACCOUNT = 'account-of-the-source';

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came
  body: any;
  bytes: Buffer;
}

export interface Sent {
  token?: string;
  cookie?: string;
  headers?: Record<string, string>;
  json?: unknown;
  body?: NonNullable<RequestInit['body']>;
}

const asJson = (bytes: Buffer, headers: Headers): unknown =>
  /json/.test(headers.get('content-type') ?? '') && !/ndjson/.test(headers.get('content-type') ?? '')
    ? JSON.parse(bytes.toString('utf8'))
    : undefined;

/** The real app on a database of its own, listening on a free port; `via`: another way to MongoDB. */
export const startApp = async (over: Partial<HttpDeps> = {}, via?: string) => {
  const store = await freshStore(via);
  const { models, policies } = store;
  const dataDir = await mkdtemp(join(tmpdir(), 'talteen-http-'));
  const hub = makeHub(store);
  const log = makeLog('silent');
  const connectors = new Map([mail, pushed].map(connector => [connector.id, connector]));
  const sealer = await openSecrets(models, { secret: 'a secret of the tests' });
  const access = makeAccess({ models });
  const ours = makeOurs({ models, ownDomains: ['varaamo.example'] });
  const open = makeOpenAccount({ models, connectors, sealer, ours, dataDir, log });
  const accounts = makeAccounts({
    models,
    access,
    connectors,
    sealer,
    country: COUNTRY,
    dataDir,
    open,
    log,
    onChanged: ours.refresh,
  });
  const dataId = makeDataId(dataDir);
  const { acquire } = hub;
  const register = makeRegister({
    models,
    dataId,
    acquire,
    zone: ZONE,
    country: COUNTRY,
    policies,
    isOurs: ours.has,
    log,
  });
  const opened = { models, connectors, acquire, log, open: (doc: never) => open(doc, { use: 'import' }) };
  const imports = makeImports({ ...opened, dataId, pump: hub.pump });
  const inbox = makeInbox({ ...opened, blobs: hub.blobs, capture: hub.capture });
  for (const [role, value] of Object.entries(TOKENS) as [Role, string][]) {
    await access.tokens.create({ name: role, role, account: role === 'source' ? SOURCE_ACCOUNT : null, value });
  }
  const deps: HttpDeps = {
    models,
    access,
    accounts,
    connectors,
    blobs: hub.blobs,
    register,
    imports,
    open,
    dataDir,
    log,
    link: makeLink({ models, policies, zone: ZONE }),
    contactImports: register.imports,
    intake: { accept: (account, received) => inbox.accept(account.id, received) },
    replay: makeReplay({ ...opened, blobs: hub.blobs, capture: hub.capture }),
    zone: ZONE,
    country: COUNTRY,
    publicUrl: undefined,
    trustProxy: 1,
    hasRoom: () => true,
    lookAtDisk: async () => undefined,
    ...over,
  };
  const server = createServer(makeApp(deps));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** One request; paths that don't begin with a slash are below /api/v1. */
  const send = async (
    method: string,
    path: string,
    { token, cookie, headers, json, body }: Sent = {},
  ): Promise<Reply> => {
    const response = await fetch(path.startsWith('/') ? base + path : `${base}/api/v1/${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(cookie ? { cookie } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? (body === undefined ? {} : { body }) : { body: JSON.stringify(json) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body: asJson(bytes, response.headers), bytes };
  };

  /** As an administrator unless it says otherwise. */
  const as = (method: string, path: string, sent: Sent & { role?: Role } = {}): Promise<Reply> =>
    send(method, path, { token: TOKENS[sent.role ?? 'administrator'], ...sent });

  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await Promise.all([imports.stop(), register.imports.stop()]);
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...deps, policies, hub, inbox, base, send, as, close, server };
};

export type TestApp = Awaited<ReturnType<typeof startApp>>;

export const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
