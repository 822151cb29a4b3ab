import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, Captured, Failed, Position } from '../../../connectors/contract.ts';
import { configSchema, type TranscriptsConfig } from '../../../connectors/transcripts/config.ts';
import { makeTranscriptsConnector } from '../../../connectors/transcripts/index.ts';

/** What the hub of these tests lends. */
export const HUB = { country: 'FI', zone: 'Europe/Helsinki' };

export const connector = makeTranscriptsConnector(HUB);

export const accountOf = (config: object = {}): Account<TranscriptsConfig> => ({
  id: 'account1',
  name: 'chats',
  config: configSchema.parse({ provider: 'whatsapp', agents: ['Olli Agentti'], ...config }),
  ours: { addresses: new Set(['tuki@varaamo.example']), domains: new Set(['varaamo.example']) },
  spool: tmpdir(),
  log: { info: () => undefined, warn: () => undefined },
});

export interface Taken {
  items: Captured[];
  failed: Failed[];
  positions: Position[];
}

/** A folder of its own for what is imported, gone after `remove`. */
export const makeDesk = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'talteen-transcripts-'));
  return {
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
    /** All that the import of these bytes gives. */
    take: async (
      name: string,
      bytes: Buffer | string,
      { config, from = null, zone = HUB.zone }: { config?: object; from?: Position | null; zone?: string } = {},
    ): Promise<Taken> => {
      const path = join(folder, 'upload');
      await writeFile(path, bytes);
      const taken: Taken = { items: [], failed: [], positions: [] };
      const signal = new AbortController().signal;
      const { importFile } = makeTranscriptsConnector({ ...HUB, zone });
      for await (const batch of importFile?.(accountOf(config), { name, path }, signal, from) ?? []) {
        taken.items.push(...batch.items);
        taken.failed.push(...batch.failed);
        taken.positions.push(batch.next);
      }
      return taken;
    },
  };
};

export const bytesOf = async (open: (() => NodeJS.ReadableStream) | undefined): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of open?.() ?? []) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};

/** A message in short: who (role and identifier), its kind, and what. */
export const shown = ({ participants: [first], message, text, direction }: Captured) => [
  first && `${first.role} ${first.identifier.value}`,
  message?.kind,
  direction,
  text,
];
