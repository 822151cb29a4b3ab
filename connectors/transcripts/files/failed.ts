import { digestOf, rawOf, sha256 } from '../../common/raw.ts';
import type { Failed } from '../../contract.ts';
import { type Entry, faultIn } from './archive.ts';

/** Where bytes lie in quarantine: the same at every import. */
export const locatorFor = (what: string, bytes: Uint8Array): string => `${what}/${sha256(bytes)}`;

/** What can't be read, with its bytes. */
export const failedBytes = (what: string, bytes: Uint8Array, reason: string, type = 'text/plain'): Failed => ({
  locator: locatorFor(what, bytes),
  reason,
  size: bytes.length,
  raw: rawOf(type, bytes),
});

/** What has no bytes that could be kept. */
export const failedName = (what: string, name: string, reason: string): Failed => ({
  locator: `${what}/${sha256(name)}`,
  reason,
});

/** A file that is no export, with its bytes as far as they can be read at all. */
export const failedFile = async (entry: Entry, reason: string): Promise<Failed> => {
  const fault = await faultIn(entry);
  if (fault) return failedName('file', entry.name, `${reason} ${fault}`);
  const { size, open } = entry;
  const digest = (await digestOf(open())).sha256;
  const raw = { type: 'application/octet-stream', size, sha256: digest, open };
  return { locator: `file/${digest}`, reason, size, raw };
};
