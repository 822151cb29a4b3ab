import { createReadStream } from 'node:fs';
import type { ImportFile } from '../../contract.ts';
import { audioFile } from './audio.ts';
import type { Piece } from './batch.ts';

/** A piece that puts a whole file into quarantine, with this reason (in words). Throws errors of the file system. */
export const refused = async ({ name, path }: ImportFile, reason: string): Promise<Piece> => {
  const { sha256, part } = await audioFile(name, path);
  const { size = 0 } = part;
  const raw = { type: 'application/octet-stream', size, sha256, open: () => createReadStream(path) };
  return {
    items: [],
    failed: [{ locator: `file/${sha256}`, reason, size, raw }],
    place: { file: name, end: size, records: 1, head: '' },
  };
};
