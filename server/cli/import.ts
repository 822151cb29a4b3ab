import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Models } from '../../models/index.ts';
import { CommandFailed, type Context, say, withCore } from './context.ts';

/** What files are captured into when no account is named. */
const DEFAULT_ACCOUNT = 'imports';

/** The default account is made when it is first needed; it has no mailbox, so it is never pulled. */
const accountFor = async (models: Models, name: string): Promise<AccountDoc> => {
  const found = await models.accounts.findOne({ name, deletedAt: null }).lean<AccountDoc>();
  if (found) return found;
  if (name !== DEFAULT_ACCOUNT) throw new CommandFailed(`There is no account named ${name}.`);
  const blank = { connector: 'email', name, config: {}, sealed: null, addresses: [], state: 'paused', lastError: null };
  await models.accounts.updateOne(
    { _id: DEFAULT_ACCOUNT },
    { $setOnInsert: { ...blank, lagSeconds: null, revision: 0, createdAt: new Date() }, $set: { deletedAt: null } },
    { upsert: true },
  );
  return accountFor(models, name);
};

const describe = async (path: string) => {
  const found = await stat(path).catch(() => null);
  if (!found) throw new CommandFailed(`${path} can't be read: is the name right?`);
  const whole = resolve(path);
  return { name: basename(whole), path: whole, size: found.size };
};

export const importFiles = (context: Context, paths: string[], accountName: string): Promise<void> =>
  withCore(context, async ({ models, imports }) => {
    const files = await Promise.all(paths.map(describe));
    const account = await accountFor(models, accountName);
    const { id, done } = await imports.accept({ account: account._id, who: 'cli', files, uploaded: false });
    const onSignal = () => void imports.stop();
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    await done;
    const job = await imports.get(id);
    if (job?.state === 'failed') throw new CommandFailed(job.error ?? 'The import failed.');
    const { read, stored, duplicate, quarantined } = job?.counts ?? { read: 0, stored: 0, duplicate: 0, quarantined: 0 };
    say(`${read} read: ${stored} stored, ${duplicate} already there, ${quarantined} in quarantine`);
    if (job?.state === 'running') throw new CommandFailed('Stopped; the hub goes on with it at its next start.');
  });
