import { type Context, say, withCore } from './context.ts';
import { describeFile, failWithoutRoom, followImport } from './files.ts';

/** Imports contacts from a CSV file and says what came of it, bad lines by number. Fails when the import does; a signal stops it where it is. */
export const contactsImport = async (context: Context, path: string): Promise<void> => {
  const file = await describeFile(path, { folders: false });
  await withCore(context, async core => {
    await failWithoutRoom(core);
    const { imports } = core.register;
    const accepted = await imports.accept({ who: 'cli', file, uploaded: false });
    await followImport(imports, accepted, ({ counts, errors }) => {
      const { read, created, changed, unchanged, rejected } = counts;
      say(`${read} read: ${created} created, ${changed} changed, ${unchanged} unchanged, ${rejected} rejected`);
      for (const { line, detail } of errors) say(`line ${line}: ${detail}`);
    });
  });
};
