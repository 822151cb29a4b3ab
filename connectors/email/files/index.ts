import type { Account, Batch, Connector, ImportFile, Position } from '../../contract.ts';
import type { MailPool } from '../parse/pool.ts';
import { clearSpool } from '../spool.ts';
import { ahead, grouped, makeReadGroup } from './batches.ts';
import { type Place, type PlacedPiece, readPlace } from './pieces.ts';
import { readFound } from './read-file.ts';
import { type Found, walk } from './walk.ts';

/** The files from the one on at which an import was interrupted; all of them when that one is gone. */
async function* foundFrom(
  found: () => AsyncIterable<Found>,
  place: Place | null,
): AsyncGenerator<[Found, Place | null]> {
  let reached = place === null;
  for await (const one of found()) {
    if (reached) yield [one, null];
    else if (one.name === place?.file) yield [one, place];
    reached ||= one.name === place?.file;
  }
  if (!reached) for await (const one of found()) yield [one, null];
}

/** The mails in an imported file or folder, and what isn't mail; those after `from` when the import is resumed. */
export async function* piecesIn(
  file: ImportFile,
  { spool, log }: Account,
  from: Place | null,
): AsyncGenerator<PlacedPiece> {
  await clearSpool(spool);
  let leftOut = 0;
  const found = () => {
    leftOut = 0;
    return walk(file, () => leftOut++);
  };
  for await (const [one, place] of foundFrom(found, from)) yield* readFound(one, spool, place);
  if (leftOut > 0) log.info({ folders: leftOut }, 'Trash, Junk and Drafts of a Maildir were left out');
}

/** `Connector.importFile` for mail: .eml, .emlx, mbox, Maildir, these gzipped (but for Maildir), and directories of them. */
export const makeFileImports = (pool: () => MailPool): Required<Pick<Connector, 'importFile'>> => ({
  importFile: (account: Account, file: ImportFile, signal: AbortSignal, from?: Position | null): AsyncIterable<Batch> =>
    ahead(grouped(piecesIn(file, account, readPlace(from))), makeReadGroup(pool, account, file.name), signal),
});
