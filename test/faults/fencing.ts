import { setTimeout as sleep } from 'node:timers/promises';
import { readCheckpoints } from './checkpoints.ts';
import { type DataDir, makeDataDir } from './data-dir.ts';
import { startHub } from './hub.ts';
import { captured, settle } from './kills.ts';
import { makeMailbox, supportMails } from './mailbox.ts';
import { holderOf } from './two-hubs.ts';
import { until } from './until.ts';

export interface FencingOptions {
  mails: number;
  seed: number;
  meanBytes?: number;
  say?: (line: string) => void;
}

/** Longer than a lease lasts, and than MongoDB keeps the transaction open that a stopped hub was in. */
const TAKE_OVER_MS = 120_000;

/** Mails that the stopped hub had in hand are the other one's by then: had it committed them too, they would count as duplicates. */
const committedTwice = async (data: DataDir): Promise<string[]> => {
  const twice = (await readCheckpoints(await data.db())).reduce((sum, { counts }) => sum + counts.duplicate, 0);
  return twice === 0 ? [] : [`${twice} mails were committed by both hubs`];
};

/**
 * A hub is stopped amid the intake (SIGSTOP) for longer than its lease lasts; the other one takes over and goes on; then
 * the first one continues with what it had in hand, believing that it still holds the lease. Returns what is wrong
 * afterwards, in words.
 */
export const stopTheHolder = async ({
  mails,
  seed,
  meanBytes,
  say = () => undefined,
}: FencingOptions): Promise<string[]> => {
  const data = await makeDataDir();
  const mailbox = await makeMailbox(supportMails({ count: mails, seed, ...(meanBytes ? { meanBytes } : {}) }));
  await mailbox.deliver(Math.ceil(mails * 0.8));
  const first = await startHub({ dataDir: data.path });
  const account = await (await first.api()).send<{ id: string }>('POST', '/accounts', mailbox.account());
  await until('the first mails', async () => (await captured(data)) > 0, 60_000, 1);
  first.signal('SIGSTOP');
  const had = await captured(data);
  const second = await startHub({ dataDir: data.path });
  say(`stopped the holder of the lease after mail ${had}`);
  await until(
    'the other hub to take over',
    async () => (await holderOf(data, account.id)) === second.pid,
    TAKE_OVER_MS,
  );
  // a quick one may have had all that was there
  await mailbox.deliver(Math.ceil(mails * 0.1));
  await until('the other hub to go on', async () => (await captured(data)) > had, TAKE_OVER_MS);
  first.signal('SIGCONT');
  say(`let it go on after mail ${await captured(data)}`);
  await mailbox.deliver();
  const wrong = await settle(data, mailbox, second);
  await sleep(1000); // for what the first one may still have in hand
  wrong.push(...(await settle(data, mailbox, first)));
  wrong.push(...(await committedTwice(data)));
  if ((await holderOf(data, account.id)) !== second.pid) wrong.push('the lease is not the second hub’s any more');
  for (const hub of [first, second]) {
    const ended = await hub.stop();
    if (ended !== 'exit code 0') wrong.push(`a hub ended with ${ended}`);
  }
  await mailbox.stop();
  await data.remove();
  return wrong;
};
