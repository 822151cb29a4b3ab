import { accountForFiles } from '../accounts/for-files.ts';
import { CommandFailed, type Context, say, withCore } from './context.ts';
import { describeFile, failWithoutRoom, followImport } from './files.ts';

/** Captures files and folders into the account of that name and says what came of them. Fails when there is none, or the import does. */
export const importFiles = async (context: Context, paths: string[], accountName: string): Promise<void> => {
  const files = await Promise.all(paths.map(path => describeFile(path)));
  await withCore(context, async core => {
    await failWithoutRoom(core);
    const account = await accountForFiles(core.accounts, accountName);
    if (!account) throw new CommandFailed(`There is no account named ${accountName}.`);
    const accepted = await core.imports.accept({ account: account._id, who: 'cli', files, uploaded: false });
    await followImport(core.imports, accepted, ({ counts: { read, stored, duplicate, quarantined } }) =>
      say(
        `${read} read: ${stored} stored, ${duplicate} already there, ${quarantined} in quarantine${quarantined > 0 ? ' (see why on the page, under Quarantine)' : ''}`,
      ),
    );
  });
};
