import { blobId } from '../rules/keys.ts';
import { NotTaken } from './commit.ts';

const MB = 1024 * 1024;
/** Bytes of one conversation, and of one account, that no message names. */
const MOST = { conversation: 100 * MB, account: 1024 * MB };
/** A file counts as that much at least: small ones take room too, here and on the disk. */
const LEAST = 16 * 1024;
/** By then the collector has looked at it (server/jobs/collect). */
const LASTS_MS = 25 * 3600_000;

interface Upload {
  account: string;
  conversation: string;
  bytes: number;
  until: number;
}

type Given = Pick<Upload, 'account' | 'conversation'> & { sha256: string; size: number };

const TOO_MANY = {
  conversation: 'Too many files were uploaded in this chat and not sent. Send some of them, or try again tomorrow.',
  account: 'Too many files were uploaded here and not sent. Try again later.',
};

/** What visitors uploaded to this hub and no message names yet: anybody may be a visitor, and must not fill the disk. */
export const makeUnnamed = ({ most = MOST, least = LEAST, lastsMs = LASTS_MS, now = Date.now } = {}) => {
  const uploads = new Map<string, Upload>(); // by blob, in the order in which they end
  const held = { conversation: new Map<string, number>(), account: new Map<string, number>() };
  const scopes = ['conversation', 'account'] as const;

  const count = (upload: Upload, bytes: number): void => {
    for (const scope of scopes) {
      const sum = (held[scope].get(upload[scope]) ?? 0) + bytes;
      if (sum > 0) held[scope].set(upload[scope], sum);
      else held[scope].delete(upload[scope]);
    }
  };

  const drop = (blob: string): void => {
    const upload = uploads.get(blob);
    if (!upload) return;
    uploads.delete(blob);
    count(upload, -upload.bytes);
  };

  const prune = (): void => {
    for (const [blob, { until }] of uploads) {
      if (until > now()) return;
      drop(blob);
    }
  };

  return {
    /** Writes a file, if there is room for it; the same one again takes none. Throws NotTaken, with words for its sender. */
    hold: async ({ account, conversation, sha256, size }: Given, write: () => Promise<void>): Promise<void> => {
      prune();
      const blob = blobId(conversation, sha256);
      const isNew = !uploads.has(blob);
      drop(blob);
      const upload = { account, conversation, bytes: Math.max(size, least), until: now() + lastsMs };
      for (const scope of scopes) {
        if (isNew && (held[scope].get(upload[scope]) ?? 0) + upload.bytes > most[scope])
          throw new NotTaken(TOO_MANY[scope], { again: true });
      }
      uploads.set(blob, upload);
      count(upload, upload.bytes);
      await write().catch(error => {
        if (isNew) drop(blob);
        throw error;
      });
    },
    /** A message with these files was committed, here or by another hub. */
    named: (parts: readonly { blob?: string }[]): void => {
      for (const { blob } of parts) if (blob) drop(blob);
    },
    /** What was named meanwhile is not known. */
    forget: (): void => {
      uploads.clear();
      for (const scope of scopes) held[scope].clear();
    },
  };
};
