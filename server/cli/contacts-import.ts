import { CommandFailed, type Context, say, withCore } from './context.ts';
import { describeFile } from './files.ts';

export const contactsImport = (context: Context, path: string): Promise<void> =>
  withCore(context, async ({ register }) => {
    const file = await describeFile(path);
    const { id, done } = await register.imports.accept({ who: 'cli', file, uploaded: false });
    const onSignal = () => void register.imports.stop();
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    await done;
    const job = await register.imports.get(id);
    if (!job || job.state === 'failed') throw new CommandFailed(job?.error ?? 'The import failed.');
    const { read, created, changed, unchanged, rejected } = job.counts;
    say(`${read} read: ${created} created, ${changed} changed, ${unchanged} unchanged, ${rejected} rejected`);
    for (const { line, detail } of job.errors) say(`line ${line}: ${detail}`);
    if (job.state === 'running') throw new CommandFailed('Stopped; the hub goes on with it at its next start.');
  });
