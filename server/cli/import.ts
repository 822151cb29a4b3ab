import type { Core } from '../core.ts';
import { CommandFailed, type Context, say, withCore } from './context.ts';
import { describeFile } from './files.ts';

/** What files are captured into when no account is named. */
const DEFAULT_ACCOUNT = 'imports';

/** The default account is made when it is first needed; it has no mailbox, so it is never pulled. */
const accountFor = async (accounts: Core['accounts'], name: string) => {
  if (name === DEFAULT_ACCOUNT) return accounts.ensureForImports(name);
  const found = await accounts.byName(name);
  if (!found) throw new CommandFailed(`There is no account named ${name}.`);
  return found;
};

export const importFiles = (context: Context, paths: string[], accountName: string): Promise<void> =>
  withCore(context, async ({ accounts, imports }) => {
    const files = await Promise.all(paths.map(describeFile));
    const account = await accountFor(accounts, accountName);
    const { id, done } = await imports.accept({ account: account._id, who: 'cli', files, uploaded: false });
    const onSignal = () => void imports.stop();
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    await done;
    const job = await imports.get(id);
    if (job?.state === 'failed') throw new CommandFailed(job.error ?? 'The import failed.');
    const { read, stored, duplicate, quarantined } = job?.counts ?? {
      read: 0,
      stored: 0,
      duplicate: 0,
      quarantined: 0,
    };
    say(`${read} read: ${stored} stored, ${duplicate} already there, ${quarantined} in quarantine`);
    if (job?.state === 'running') throw new CommandFailed('Stopped; the hub goes on with it at its next start.');
  });
