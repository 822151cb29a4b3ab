import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import {
  CHAT_AGENTS,
  channelHistory,
  DESK_NUMBER,
  generateContacts,
  generateMails,
  liveMails,
  liveScenes,
  mboxEntry,
  OWN_DOMAIN,
  type SampleMail,
} from '../../samples/index.ts';
import { type SignIn, signInOf } from '../demo/administrator.ts';
import { arrivalsAfter } from '../demo/arrivals.ts';
import type { Desk } from '../demo/fill.ts';
import { isFree } from '../demo/port.ts';
import { runDemo } from '../demo/run.ts';
import { type PlayedTwilio, playTwilio } from '../demo/twilio-api.ts';
import { startHub } from '../hub.ts';
import { disclosing, makeLog } from '../logging.ts';
import { type Context, say } from './context.ts';
import { stopAsked } from './start.ts';

const DATA_DIR = './data-demo';
const SEED = 2;
const MAILS = 480;
const MEAN_BYTES = 14_000;

export interface DemoContext extends Context {
  /** whether a setting is named in the environment or in .env */
  given(name: string): boolean;
}

const optionsAt = (now: Date) => ({ seed: SEED, count: MAILS, now, meanBytes: MEAN_BYTES });

/** One mbox for each folder. */
const mailboxes = (mails: Iterable<SampleMail>): Desk['mailboxes'] => {
  const folders = new Map<string, Buffer[]>();
  for (const mail of mails) {
    const entries = folders.get(mail.folder) ?? [];
    folders.set(mail.folder, entries);
    entries.push(mboxEntry(mail));
  }
  return [...folders].map(([name, all]) => ({ name: `${name}.mbox`, bytes: new Uint8Array(Buffer.concat(all)) }));
};

const samplesWith = (twilio: PlayedTwilio) => ({
  desk: (now: Date): Desk => ({
    ...generateContacts({ seed: SEED, now }),
    mailboxes: mailboxes(generateMails(optionsAt(now))),
    stray: { name: 'phone-bill.pdf', bytes: new TextEncoder().encode('%PDF-1.7\n% this is no mail\n%%EOF\n') },
  }),
  arrivals: (now: Date, sent: readonly Date[]) => arrivalsAfter(sent, clock => liveMails({ ...optionsAt(now), clock })),
  channels: {
    history: (now: Date) => channelHistory({ seed: SEED, now }),
    scenes: () => liveScenes({ seed: SEED }),
    ours: DESK_NUMBER,
    chatAgents: CHAT_AGENTS,
    twilio,
  },
});

/** The demo's settings: a data folder and an own domain of its own, and another port when the usual one is taken. */
const configOf = async ({ config, log, given }: DemoContext, twilio: PlayedTwilio): Promise<Config> => {
  const taken = !given('PORT') && !(await isFree(config.host, config.port));
  if (taken) log.info({ port: config.port }, 'demo: this port is taken, so a free one is used (PORT sets another)');
  return {
    ...config,
    ...(given('TALTEEN_DATA') ? {} : { dataDir: resolve(DATA_DIR) }),
    ...(taken ? { port: 0 } : {}),
    outgoingHosts: [...config.outgoingHosts, twilio.host],
    ownDomains: [...new Set([...config.ownDomains, OWN_DOMAIN])],
  };
};

const signInLine = ({ email, password }: SignIn): string =>
  password === null ? '' : ` - sign in as ${email} with the password ${password}`;

/**
 * A hub with a support desk in it: sample mail, messages, chats and calls of two years, captured through their entrances, and more that arrives while it runs.
 * A later start goes on with the same desk. Runs until SIGTERM or Ctrl-C.
 */
export const demo = async (context: DemoContext): Promise<void> => {
  const over = new AbortController();
  void stopAsked(context.startedByNpx, over.signal).then(() => over.abort());
  const log = makeLog(context.given('LOG_LEVEL') ? context.config.logLevel : 'info');
  const twilio = await playTwilio();
  const config = await configOf({ ...context, log }, twilio);
  let made: SignIn | null = null;
  const hub = await startHub({
    config,
    log: context.given('LOG_LEVEL') ? log : makeLog('error'),
    announce: administrator => {
      made = administrator;
    },
  });
  try {
    const ready = async (): Promise<void> => {
      const { adminEmail, adminPassword } = config;
      const signIn = await signInOf(hub.core.access, { made, adminEmail, adminPassword });
      disclosing(log).info(signIn, 'how to sign in to the demo');
      say(`Talteen listens on ${hub.address}${signInLine(signIn)}`);
    };
    await runDemo({ hub, samples: samplesWith(twilio), log, signal: over.signal, ready });
  } finally {
    over.abort();
    await hub.close();
    await twilio.close();
  }
};
