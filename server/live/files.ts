import { z } from 'zod';
import type { Part } from '../../connectors/contract.ts';
import type { StoredPart } from '../../models/interactions.ts';
import type { Sealer } from '../access/secrets.ts';
import { blobId } from '../rules/keys.ts';
import { type BlobStore, openLater } from '../store/blobs.ts';
import { makeUnnamed } from './unnamed.ts';

/** How long a visitor's link to a file is valid; each connection brings new ones. */
const LINK_MS = 24 * 3600_000;

const partSchema = z.object({ sha256: z.string(), size: z.number(), type: z.string(), name: z.string() });
type UploadedFile = z.output<typeof partSchema>;
const linkSchema = z.object({ blob: z.string(), type: z.string(), name: z.string(), until: z.number() });
/** The content of a link. `until`: Unix milliseconds. */
export type FileLink = z.output<typeof linkSchema>;

interface LiveFilesDeps {
  sealer: Sealer;
  blobs: BlobStore;
  unnamed?: ReturnType<typeof makeUnnamed>;
}

/**
 * Files of visitors, who have no user account. Uploads and links are tokens sealed with the hub's secret. A part token stands for a file that was
 * uploaded for one conversation, and can only be sent in that one; a link lets the visitor fetch one file for a day.
 */
export const makeLiveFiles = ({ sealer, blobs, unnamed = makeUnnamed() }: LiveFilesDeps) => {
  const open = <T>(context: string, word: string, schema: z.ZodType<T>): T | null => {
    try {
      return schema.parse(sealer.open(context, word));
    } catch {
      return null; // forged, or made for another purpose
    }
  };

  return {
    unnamed,
    seal: (conversation: string, file: UploadedFile): string => sealer.seal(`live part ${conversation}`, file),
    /** The uploaded file that a token stands for; null when the token isn't of this conversation. */
    open: (conversation: string, word: string): Part | null => {
      const file = open(`live part ${conversation}`, word, partSchema);
      if (!file) return null;
      const { sha256, size, type, name } = file;
      return { name, type, size, open: openLater(blobs, blobId(conversation, sha256)) };
    },
    link: (blob: string, { type, name = '' }: Pick<StoredPart, 'type' | 'name'>): string =>
      `/visitor/files/${sealer.seal('live file', { blob, type, name, until: Date.now() + LINK_MS })}`,
    /** The content of a link; null when it is forged or expired. */
    linked: (word: string): FileLink | null => {
      const link = open('live file', word, linkSchema);
      return link && link.until > Date.now() ? link : null;
    },
  };
};

export type LiveFiles = ReturnType<typeof makeLiveFiles>;
