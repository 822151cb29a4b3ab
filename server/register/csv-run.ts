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

/** The counts of an import that has read nothing yet. */
export const noCounts = { read: 0, created: 0, changed: 0, unchanged: 0, rejected: 0 };
export type CsvCounts = typeof noCounts;

/** What became of a record; `detail` says why it was rejected. */
interface Result {
  line: number;
  outcome: Outcome | 'rejected';
  detail?: string;
}

/** Most faults that are stored; all are counted. */
const MAX_ERRORS = 1000;
/** Records in one transaction: most of a transaction's time is its commit. */
const BATCH = 50;
/** The counts of records that changed nothing are saved after so many; after a kill as many may be read again. */
const SAVE_EVERY = 500;
const SAVE_EVERY_MS = 1000;

/** Another process has taken over this import: the counts aren't those that this process wrote. */
export class ImportTaken extends Error {}

const added = (counts: CsvCounts, results: readonly Result[]): CsvCounts => {
  const sum = { ...counts, read: counts.read + results.length };
  for (const { outcome } of results) sum[outcome]++;
  return sum;
};

/**
 * Keeps the counts of an import. They are written in the transaction that changes contacts, and only if they are still as this process wrote them: so each
 * record is counted once, and a process that has lost its lease without noticing stops.
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
    /** number of records that are counted already */
    done: saved.read,
    /** Throws ImportTaken when another process has changed the counts: waiting for it would be useless. */
    async check({ session }: Tx): Promise<void> {
      const now = await models.imports.findById(_id, { counts: 1, state: 1 }, { session }).lean();
      if (now?.state !== 'running' || now.counts.read !== saved.read) throw new ImportTaken();
    },
    /** writes the counts in the transaction of the records; `written` is called after its commit */
    write,
    written,
    save,
    /** counts records that changed nothing; they are saved together now and then */
    async defer(results: readonly Result[]) {
      waiting.push(...results);
      if (waiting.length >= SAVE_EVERY || Date.now() - savedAt >= SAVE_EVERY_MS) await save();
    },
  };
};
type Progress = ReturnType<typeof makeProgress>;

const rejected = (detail: string) => ({ outcome: 'rejected', detail }) as const;

/** Imports one contact. A refusal comes before its first write, so that the transaction can go on with the others. */
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

/** Reads all that a batch needs in a few queries, instead of some for each contact. */
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

/** Imports a batch of records, with their counts, in one transaction. Throws only errors that aren't the records' fault. */
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

/**
 * Imports a CSV file of contacts, resuming where it was left. Resolves when all records are counted, or after the current batch once `signal` is aborted.
 * Throws CsvRefused, ImportTaken.
 */
export const runCsv = (context: RegisterContext, job: ImportDoc, signal: AbortSignal): Promise<void> =>
  withCsv(job.files[0]?.path ?? '', columns, table => importTable(context, job, table, signal));
