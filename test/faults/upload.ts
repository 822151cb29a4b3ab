import { setTimeout as sleep } from 'node:timers/promises';
import { makeDataDir } from './data-dir.ts';
import { type Hub, startHub } from './hub.ts';
import { sha256, supportMails } from './mailbox.ts';
import { makeRandom } from './random.ts';
import { until } from './until.ts';

export interface UploadOptions {
  mails: number;
  kills: number;
  seed: number;
  meanBytes?: number;
  say?: (line: string) => void;
}

interface Import {
  id: string;
  state: 'running' | 'done' | 'failed';
  counts: { read: number; stored: number; duplicate: number; quarantined: number };
}

const SEPARATOR = 'From tuki@varaamo.example Fri Nov 20 10:00:00 2026\n';

/** A mail as an mbox holds it: LF, "From " lines quoted (mboxrd). */
const quoted = (raw: Uint8Array): Buffer => {
  const text = Buffer.from(raw)
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .replace(/^(>*From )/gm, '>$1');
  return Buffer.from(text.endsWith('\n') ? text : `${text}\n`, 'latin1');
};

const upload = async (hub: Hub, mbox: Buffer): Promise<string> => {
  const form = new FormData();
  form.set('account', 'imports');
  form.set('file', new File([new Uint8Array(mbox)], 'support.mbox'));
  return (await (await hub.api()).upload<Import>('/imports', form)).id;
};

const ask = async (hub: Hub, id: string): Promise<Import> => (await hub.api()).get<Import>(`/imports/${id}`);

const untilDone = async (hub: Hub, id: string): Promise<Import> => {
  await until('the import to end', async () => (await ask(hub, id)).state !== 'running', 180_000, 50);
  return ask(hub, id);
};

const expectCounts = ({ state, counts }: Import, wanted: Import['counts']): string[] => {
  const got = JSON.stringify({ state, ...counts });
  const want = JSON.stringify({ state: 'done', ...wanted });
  return got === want ? [] : [`the import says ${got} instead of ${want}`];
};

/**
 * The hub is killed while it takes in an upload that it has acknowledged: the import goes on at the next start by itself,
 * and its counts are those of one that was never killed. Returns what is wrong, in words.
 */
export const killDuringImport = async (options: UploadOptions): Promise<string[]> => {
  const { mails, kills, seed, meanBytes, say = () => undefined } = options;
  const random = makeRandom(seed);
  const originals = [...supportMails({ count: mails, seed, ...(meanBytes ? { meanBytes } : {}) })].map(({ raw }) =>
    quoted(raw),
  );
  const mbox = Buffer.concat(originals.flatMap(mail => [Buffer.from(SEPARATOR), mail, Buffer.from('\n')]));
  const data = await makeDataDir();
  let hub = await startHub({ dataDir: data.path });
  const id = await upload(hub, mbox);
  const interactions = (await data.db()).collection<{ _id: string }>('interactions');
  for (let n = 0; n < kills; n++) {
    const before = await interactions.countDocuments();
    const more = async () => (await interactions.countDocuments()) > before + random() * 50;
    await until('mails of the import', more, 60_000, 1);
    await sleep(random() * 40);
    await hub.kill();
    say(`killed the hub amid an import after mail ${await interactions.countDocuments()}`);
    hub = await startHub({ dataDir: data.path });
  }
  const wrong = expectCounts(await untilDone(hub, id), { read: mails, stored: mails, duplicate: 0, quarantined: 0 });
  const again = await upload(hub, mbox);
  wrong.push(
    ...expectCounts(await untilDone(hub, again), { read: mails, stored: 0, duplicate: mails, quarantined: 0 }),
  );
  const left = new Set(originals.map(sha256));
  const api = await hub.api();
  for await (const { _id } of interactions.find({}, { projection: { _id: 1 } }))
    if (!left.delete(sha256(await api.bytes(`/interactions/${_id}/raw`))))
      wrong.push(`${_id} is no mail of the file, or is there twice`);
  if (left.size > 0) wrong.push(`${left.size} mails of the file are not captured`);
  await hub.stop();
  await data.remove();
  return wrong;
};
