import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractCase, FileCase } from '../../connectors/common/contract-case.ts';
import type { Account, Batch, Captured, Connector, Failed, ImportFile, Position } from '../../connectors/contract.ts';

/** The case that a connector brings in its folder. Throws when there is none. */
export const caseOf = async ({ id }: Connector): Promise<ContractCase> => {
  const module: { contractCase?: ContractCase } = await import(`../../connectors/${id}/fixtures/contract.ts`);
  if (!module.contractCase) throw new Error(`connectors/${id}/fixtures/contract.ts exports no contractCase.`);
  return module.contractCase;
};

export interface Logged {
  data: object;
  message: string;
}

/** An account of the connector with a spool folder of its own, and what was logged for it. */
export const makeAccount = async (connector: Connector, { config }: ContractCase) => {
  const spool = await mkdtemp(join(tmpdir(), 'talteen-contract-'));
  const logged: Logged[] = [];
  const log = (data: object, message: string): void => void logged.push({ data, message });
  const account: Account = {
    id: 'account-of-the-contract',
    name: 'contract',
    config: connector.configSchema.parse(config),
    ours: { addresses: new Set(['tuki@varaamo.example']), domains: new Set(['varaamo.example']) },
    spool,
    log: { info: log, warn: log },
  };
  const put = async ({ name, bytes }: Pick<FileCase, 'name' | 'bytes'>): Promise<ImportFile> => {
    const path = join(spool, name);
    await writeFile(path, bytes);
    return { name, path };
  };
  return { account, logged, put, remove: () => rm(spool, { recursive: true, force: true }) };
};

export interface Taken {
  items: Captured[];
  failed: Failed[];
  positions: Position[];
}

/** All that an import yields, or its first `most` batches. */
export const importAll = async (
  connector: Connector,
  account: Account,
  file: ImportFile,
  { from = null, most = Number.POSITIVE_INFINITY }: { from?: Position | null; most?: number } = {},
): Promise<Taken> => {
  if (!connector.importFile) throw new Error(`${connector.id} imports no files.`);
  const taken: Taken = { items: [], failed: [], positions: [] };
  const batches: AsyncIterable<Batch> = connector.importFile(account, file, new AbortController().signal, from);
  for await (const batch of batches) {
    taken.items.push(...batch.items);
    taken.failed.push(...batch.failed);
    taken.positions.push(batch.next);
    if (taken.positions.length >= most) break;
  }
  return taken;
};

/** An item is one by its kind and key. */
export const keyOf = ({ kind, sourceKey, keyScope }: Captured): string =>
  `${keyScope ?? 'account'} ${kind} ${sourceKey}`;
