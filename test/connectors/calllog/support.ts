import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCalllogConnector } from '../../../connectors/calllog/index.ts';
import { type CallDetails, emptyCall } from '../../../connectors/common/call.ts';
import type { Account, Batch, Captured, Failed, ImportFile, Position } from '../../../connectors/contract.ts';

export const connector = makeCalllogConnector({ country: 'FI', zone: 'Europe/Helsinki', dataDir: '/nowhere' });

export const accountOf = (config: object): Account<never> =>
  ({
    id: 'switch',
    name: 'switch',
    config: connector.configSchema.parse(config),
    ours: { addresses: new Set(), domains: new Set() },
    spool: tmpdir(),
    log: { info: () => undefined, warn: () => undefined },
  }) as unknown as Account<never>;

export const ASTERISK = {
  dialect: 'asterisk',
  defaultCountry: 'FI',
  timezone: 'Europe/Helsinki',
  ownNumbers: ['09 3157 0000'],
};

/** A folder of its own. */
export const makeFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'talteen-calllog-'));
  return {
    path,
    put: async (name: string, content: string | Uint8Array): Promise<ImportFile> => {
      await writeFile(join(path, name), content);
      return { name, path: join(path, name) };
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
};

export interface Taken {
  items: Captured[];
  failed: Failed[];
  positions: Position[];
}

export const gather = async (
  batches: AsyncIterable<Batch> | undefined,
  most = Number.POSITIVE_INFINITY,
): Promise<Taken> => {
  const taken: Taken = { items: [], failed: [], positions: [] };
  for await (const { items, failed, next } of batches ?? []) {
    taken.items.push(...items);
    taken.failed.push(...failed);
    taken.positions.push(next);
    if (taken.positions.length >= most) break;
  }
  return taken;
};

/** What an import of a text as one file yields. */
export const importText = async (
  config: object,
  content: string | Uint8Array,
  { name = 'Master.csv', from = null, most }: { name?: string; from?: Position | null; most?: number } = {},
): Promise<Taken> => {
  const folder = await makeFolder();
  try {
    const file = await folder.put(name, content);
    return await gather(connector.importFile?.(accountOf(config), file, new AbortController().signal, from), most);
  } finally {
    await folder.remove();
  }
};

/** The calls that items make: their items, and their details, by source key. */
export const callsOf = (items: readonly Captured[]) => {
  const calls = new Map<string, { first: Captured; details: CallDetails; summary: string | undefined }>();
  let part = 0;
  for (const item of items) {
    const key = item.belongsTo ?? item.sourceKey;
    const before = calls.get(key);
    const { details, summary } = connector.fold?.(before?.details ?? emptyCall(), item, ++part) ?? {};
    calls.set(key, { first: before?.first ?? item, details: details as CallDetails, summary });
  }
  return [...calls.values()];
};

/** The only call of these items. */
export const onlyCall = (items: readonly Captured[]) => {
  const [call, ...more] = callsOf(items);
  if (!call || more.length > 0) throw new Error(`Expected one call, got ${more.length + (call ? 1 : 0)}.`);
  return call;
};
