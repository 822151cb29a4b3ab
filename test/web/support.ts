import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from 'mocha';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { readConfig } from '../../config/index.ts';
import { type Hub, startHub } from '../../server/hub.ts';
import { makeLog } from '../../server/logging.ts';
import { native } from '../../server/store/native.ts';
import { launchChromium } from '../support/chromium.ts';
import { atEnd } from '../support/closers.ts';
import { freshDb } from '../support/mongod.ts';
import { needs } from '../support/needs.ts';

const webRoot = fileURLToPath(new URL('../../dist/web', import.meta.url));
const token = 'a-token-of-the-tests-that-is-long-enough';
export const admin = { email: 'admin@varaamo.example', password: 'right horse battery staple' };

let browser: Promise<Browser> | undefined;

/** The Chromium of the whole run. */
const theBrowser = (): Promise<Browser> => {
  browser ??= launchChromium().then(launched => {
    atEnd(() => {
      browser = undefined; // the next file of this process has one of its own
      return launched.close();
    });
    return launched;
  });
  return browser;
};

export interface Desk {
  hub: Hub;
  address: string;
  /** a call with an administrator's token; throws unless it is 2xx */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** captures mails through the importer, the same way as any; resolves once they are stored */
  capture(...mails: string[]): Promise<void>;
  /** a browser window of its own, signed in as the administrator (or not, or as another) */
  open(options?: BrowserContextOptions & { as?: { email: string; password: string } | null }): Promise<Page>;
}

const call =
  (address: string): Desk['api'] =>
  async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  };

const capturing = (hub: Hub, folder: string): Desk['capture'] => {
  let files = 0;
  return async (...mails) => {
    const { accounts, imports } = hub.core;
    const account = await accounts.ensureForImports('imports');
    const paths = await Promise.all(
      mails.map(async raw => {
        files += 1;
        const path = join(folder, `${files}.eml`);
        await writeFile(path, raw.replace(/\r?\n/g, '\r\n'));
        return { name: `${files}.eml`, path, size: raw.length };
      }),
    );
    const { done } = await imports.accept({ account: account._id, who: 'test', files: paths, uploaded: false });
    await done;
  };
};

const enter = async (
  page: BrowserContext,
  address: string,
  who: { email: string; password: string },
): Promise<void> => {
  const answer = await page.request.post(`${address}/api/v1/session`, { data: who });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
};

/** Starts a hub of its own with the built page, on an empty database. Skips the suite where Chromium is missing. */
export const openDesk = async (test: Context, settings: Record<string, string> = {}): Promise<Desk> => {
  needs(test, 'chromium');
  if (!existsSync(join(webRoot, 'index.html')))
    await build({ configFile: fileURLToPath(new URL('../../web/vite.config.ts', import.meta.url)), logLevel: 'error' });
  const folder = await mkdtemp(join(tmpdir(), 'desk-'));
  const config = readConfig({
    PORT: '0',
    TALTEEN_DATA: folder,
    MONGODB_URI: (await freshDb()).uri,
    TALTEEN_SECRET: 'a secret of the tests',
    TALTEEN_ADMIN_EMAIL: admin.email,
    TALTEEN_ADMIN_PASSWORD: admin.password,
    TALTEEN_API_TOKEN: token,
    TALTEEN_OWN_DOMAINS: 'varaamo.example',
    LOG_LEVEL: 'silent',
    ...settings,
  });
  const hub = await startHub({ config, log: makeLog('silent'), announce: () => undefined, webRoot });
  atEnd(async () => {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { address } = hub;
  const open: Desk['open'] = async ({ as = admin, ...options } = {}) => {
    const context = await (await theBrowser()).newContext({
      baseURL: address,
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      timezoneId: 'Europe/Helsinki',
      ...options,
    });
    context.setDefaultTimeout(20_000);
    if (as) await enter(context, address, as);
    return context.newPage();
  };
  return { hub, address, api: call(address), capture: capturing(hub, folder), open };
};

export interface MailOptions {
  from?: string;
  to?: string;
  subject?: string;
  date?: Date;
  text?: string;
  html?: string;
  headers?: string[];
  /** further parts, each whole with its headers */
  parts?: string[];
}

let mails = 0;

/** A mail as a server would hold it (RFC 5322, MIME). */
export const mail = ({ from, to, subject, date, text, html, headers = [], parts = [] }: MailOptions): string => {
  mails += 1;
  const shown = html === undefined ? ['plain', text ?? ''] : ['html', html];
  const body = `Content-Type: text/${shown[0]}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${shown[1]}\n`;
  const head = [
    `From: ${from ?? 'Päivi Mäkelä <paivi@kuusilahti.example>'}`,
    `To: ${to ?? 'tuki@varaamo.example'}`,
    `Subject: ${subject ?? `Mail ${mails}`}`,
    `Date: ${(date ?? new Date()).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${mails}@kuusilahti.example>`,
    'MIME-Version: 1.0',
    ...headers,
  ].join('\n');
  if (!parts.length) return `${head}\n${body}`;
  const inner = [body, ...parts].map(part => `--b0\n${part}\n`).join('');
  return `${head}\nContent-Type: multipart/related; boundary=b0\n\n${inner}--b0--\n`;
};

export interface Contact {
  id: string;
}

/** Makes a contact with an address. */
export const addContact = ({ api }: Desk, first: string, last: string, address: string): Promise<Contact> =>
  api<Contact>('POST', '/contacts', { name: { first, last }, identifiers: [{ type: 'email', value: address }] });

/** Puts `count` entries on a contact's timeline, one each `hours`, the newest now; far quicker than capturing as many mails. */
export const fillTimeline = async ({ hub }: Desk, contact: string, count: number, hours = 2): Promise<void> => {
  const now = Date.now();
  const retention = {
    policy: 'customer-relationship',
    policyVersion: 'test',
    purpose: 'Customer service',
    legalBasis: 'contract',
    trigger: 'relationship-end',
    period: 'P5Y',
    triggerAt: null,
    keepUntil: null,
  };
  const rows = Array.from({ length: count }, (_, at) => {
    const id = `filled${String(at).padStart(6, '0')}${contact.slice(-6)}`;
    const occurredAt = new Date(now - (at + 1) * hours * 3_600_000);
    return {
      _id: `${id}:${contact}`,
      contact,
      interaction: id,
      event: null,
      accounts: [],
      channel: at % 5 === 4 ? 'sms' : 'email',
      direction: at % 3 === 2 ? 'outbound' : 'inbound',
      occurredAt,
      capturedAt: occurredAt,
      files: at % 10 === 0,
      from: 'Päivi Mäkelä',
      ...(at % 5 === 4 ? {} : { subject: `Entry ${at}` }),
      preview: 'Hei! Siirtäisimme tiistaivuorot joulukuun ajaksi keskiviikolle. '.repeat(1 + (at % 4)),
      retention,
    };
  });
  await native(hub.core.models.timeline).insertMany(rows, { ordered: false });
};
