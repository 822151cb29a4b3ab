import type { Account, Batch, Connector, ImportFile } from '../../contract.ts';
import type { MailPool } from '../parse/pool.ts';
import { ahead, grouped, makeReadGroup } from './batches.ts';
import { clearSpool } from './bytes.ts';
import { kindOf } from './kind.ts';
import type { Piece } from './pieces.ts';
import { readFound } from './read-file.ts';
import { walk } from './walk.ts';

async function* piecesIn(file: ImportFile, spool: string): AsyncGenerator<Piece> {
  await clearSpool(spool);
  for await (const found of walk(file)) yield* readFound(found, spool);
}

/** Imports of mail in files: .eml, .emlx, mbox, Maildir, gzip of the former, and directories of them. */
export const makeFileImports = (pool: () => MailPool): Required<Pick<Connector, 'imports' | 'importFile'>> => ({
  imports: ({ name, head }) => kindOf(name, head).as !== 'foreign',
  importFile: (account: Account, file: ImportFile, signal: AbortSignal): AsyncIterable<Batch> =>
    ahead(grouped(piecesIn(file, account.spool)), makeReadGroup(pool, account, file.name), signal),
});
