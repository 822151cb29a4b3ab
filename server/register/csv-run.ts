import type { ImportDoc } from '../../models/imports.ts';
import { identifierKey, normaliseIdentifier } from '../rules/identity.ts';
import { upsertContact } from './contacts.ts';
import { type RegisterContext, type Tx, transact } from './context.ts';
import { type CsvContact, checkHeader, columns, ignoredColumns, readContact, refusalOf } from './csv-contact.ts';
import { type CsvRecord, type CsvTable, withCsv } from './csv-records.ts';
import { normalExternalId, preloadExternalIds } from './external-ids.ts';
import { preloadIdentifiers } from './identifiers.ts';
import { preloadOrganisations } from './organisation-names.ts';
import type { Outcome } from './types.ts';

export const noCounts = { read: 0, created: 0, changed: 0, unchanged: 0, rejected: 0 };
export type CsvCounts = typeof noCounts;

/** What became of a record; `detail` says why it was rejected. */
interface Result {
  line: number;
  outcome: Outcome | 'rejected';
  detail?: string;
}

/** Faults that are told; all are counted. */
const MAX_ERRORS = 1000;
/** Records a transaction: most of one's time is its commit. */
const BATCH = 50;
/** Records that changed nothing and may be read again after a kill. */
const SAVE_EVERY = 500;
const SAVE_EVERY_MS = 1000;

/** Another process goes on with this import: it moved the counts that this one was about to move. */
export class ImportTaken extends Error {}

const added = (counts: CsvCounts, results: readonly Result[]): CsvCounts => {
  const sum = { ...counts, read: counts.read + results.length };
  for (const { outcome } of results) sum[outcome]++;
  return sum;
};

/**
 * The counts move in the transaction that changes something, from what they were: so a record is counted once whatever
 * happens, and a process that lost its lease without knowing it stops.
 */
const makeProgress = ({ models }: RegisterContext, { _id, counts, errors }: ImportDoc, notes: ImportDoc['errors']) => {
  let saved: CsvCounts = { ...noCounts, ...counts };
  let told = errors.length;
  let untold = told === 0 ? notes : [];
  let waiting: Result[] = [];
  let savedAt = Date.now();

  const faults = (results: readonly Result[]): ImportDoc['errors'] =>
    [...untold, ...results.flatMap(({ line, detail }) => (detail === undefined ? [] : [{ line, detail }]))].slice(
      0,
      MAX_ERRORS - told,
    );
  const write = async (results: readonly Result[], tx?: Tx): Promise<void> => {
    const all = [...waiting, ...results];
    const moved = await models.imports.updateOne(
      { _id, state: 'running', 'counts.read': saved.read },
      { $set: { counts: added(saved, all) }, $push: { errors: { $each: faults(all) } } },
      tx ? { session: tx.session } : {},
    );
    if (moved.matchedCount === 0) throw new ImportTaken();
  };
  const written = (results: readonly Result[]) => {
    const all = [...waiting, ...results];
    told += faults(all).length;
    [saved, waiting, untold, savedAt] = [added(saved, all), [], [], Date.now()];
  };
  const save = async () => {
    await write([]);
    written([]);
  };
  return {
    /** records that are counted already */
    done: saved.read,
    /** Throws ImportTaken when another process has moved the counts: there is nothing to wait for then. */
    async check({ session }: Tx): Promise<void> {
      const now = await models.imports.findById(_id, { counts: 1, state: 1 }, { session }).lean();
      if (now?.state !== 'running' || now.counts.read !== saved.read) throw new ImportTaken();
    },
    /** In the transaction of records that changed something; `written` after its commit. */
    write,
    written,
    save,
    /** Records that changed nothing are counted together now and then. */
    async defer(results: readonly Result[]) {
      waiting.push(...results);
      if (waiting.length >= SAVE_EVERY || Date.now() - savedAt >= SAVE_EVERY_MS) await save();
    },
  };
};
type Progress = ReturnType<typeof makeProgress>;

const rejected = (detail: string) => ({ outcome: 'rejected', detail }) as const;

/** A refusal comes before the contact's first write, so that it leaves the transaction to the others. */
const importContact = async (
  context: RegisterContext,
  tx: Tx,
  { externalId, input }: CsvContact,
  who: string,
): Promise<Omit<Result, 'line'>> => {
  try {
    const { outcome } = await upsertContact(context, tx, externalId, input, { who, source: 'csv-import' });
    return { outcome };
  } catch (error) {
    const detail = refusalOf(error);
    if (detail === undefined) throw error;
    return rejected(detail);
  }
};

/** What the contacts of a batch are looked up by, read in a few queries rather than in some for each. */
const preload = async (context: RegisterContext, tx: Tx, contacts: CsvContact[]): Promise<void> => {
  const { models, country } = context;
  await preloadExternalIds(
    context,
    tx,
    contacts.map(one => normalExternalId(one.externalId)),
  );
  const named = contacts.flatMap(({ input: { organisation } }) => (organisation?.name ? [organisation.name] : []));
  const present = [...tx.byExternalId.values()].flatMap(contact => contact?.organisation ?? []);
  await preloadOrganisations(models, tx, named, present);
  const identifiers = contacts.flatMap(({ input }) =>
    Object.entries(input.identifiersOf).flatMap(([type, values]) =>
      values.flatMap(value => normaliseIdentifier({ type, value }, { country }) ?? []),
    ),
  );
  await preloadIdentifiers(models, tx, identifiers.map(identifierKey));
};

const changesSomething = ({ outcome }: Result): boolean => outcome === 'created' || outcome === 'changed';

/** Some records in one transaction, their counts with them. Throws only what isn't the records' fault. */
const importBatch = async (
  context: RegisterContext,
  { header, batch, who, progress }: { header: string[]; batch: CsvRecord[]; who: string; progress: Progress },
): Promise<void> => {
  const read = batch.map(record => ({ line: record.line, contact: readContact(header, record) }));
  const results = await transact(context, async tx => {
    await progress.check(tx);
    await preload(
      context,
      tx,
      read.flatMap(({ contact }) => (typeof contact === 'string' ? [] : contact)),
    );
    const done: Result[] = [];
    for (const { line, contact } of read) {
      const result = typeof contact === 'string' ? rejected(contact) : await importContact(context, tx, contact, who);
      done.push({ line, ...result });
    }
    if (done.some(changesSomething)) await progress.write(done, tx);
    return done;
  });
  if (results.some(changesSomething)) progress.written(results);
  else await progress.defer(results);
};

const importTable = async (
  context: RegisterContext,
  job: ImportDoc,
  { header, headerLine, records }: CsvTable,
  signal: AbortSignal,
): Promise<void> => {
  const ignored = checkHeader(header);
  const notes = ignored.length ? [{ line: headerLine, detail: ignoredColumns(ignored) }] : [];
  const progress = makeProgress(context, job, notes);
  let at = 0;
  let batch: CsvRecord[] = [];
  for await (const record of records) {
    if (at++ < progress.done) continue;
    batch.push(record);
    if (batch.length < BATCH) continue;
    await importBatch(context, { header, batch, who: job.who, progress });
    if (signal.aborted) return;
    batch = [];
  }
  if (batch.length) await importBatch(context, { header, batch, who: job.who, progress });
  await progress.save();
};

/** Imports a CSV file of contacts from where it was left; returns when all is counted, or after a batch once `signal` is aborted. */
export const runCsv = (context: RegisterContext, job: ImportDoc, signal: AbortSignal): Promise<void> =>
  withCsv(job.files[0]?.path ?? '', columns, table => importTable(context, job, table, signal));
