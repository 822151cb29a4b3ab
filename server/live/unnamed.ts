import { blobId } from '../rules/keys.ts';
import { NotTaken } from './commit.ts';

const MB = 1024 * 1024;
/** Most bytes of uploads that no message names yet, for one conversation and for one account. */
const MOST = { conversation: 100 * MB, account: 1024 * MB };
/** A file counts as at least so many bytes: small ones take room too, in memory and on disk. */
const LEAST = 16 * 1024;
/** By then the collector (server/jobs/collect) has removed it or found its owner. */
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

/** Limits uploads to this hub that no message names yet: anybody may be a visitor, and must not fill the disk. */
export const makeUnnamed = ({ most = MOST, least = LEAST, lastsMs = LASTS_MS, now = Date.now } = {}) => {
  const uploads = new Map<string, Upload>(); // by blob, in the order in which they expire
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
    /** Runs `write` for a file if there is room for it; the same file again takes no room. Throws NotTaken, with a message for the sender. */
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
    /** A message with these files was committed, by this hub or another. */
    named: (parts: readonly { blob?: string }[]): void => {
      for (const { blob } of parts) if (blob) drop(blob);
    },
    /** After a gap in the change stream it isn't known which uploads were named: all are forgotten. */
    forget: (): void => {
      uploads.clear();
      for (const scope of scopes) held[scope].clear();
    },
  };
};
