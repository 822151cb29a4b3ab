import type { Account, Batch, Captured, Connector, Failed, Position } from '../../connectors/contract.ts';
import type { ContentDoc } from '../../models/contents.ts';
import type { Models } from '../../models/index.ts';
import type { StoredOriginal, StoredPart } from '../../models/interactions.ts';
import type { Counts } from '../../models/types.ts';
import type { Policies } from '../rules/retention.ts';
import type { BlobStore } from '../store/blobs.ts';

export interface CaptureDeps {
  models: Models;
  blobs: BlobStore;
  policies: Policies;
  /** IANA zone that days are counted in */
  zone: string;
  /** ISO 3166 country of numbers without a prefix */
  country: string;
}

/** An item whose bytes lie in the blob store already; what is left is the transaction. */
export interface Prepared {
  id: string;
  /** the interaction that it is part of; `id` when it is one itself */
  target: string;
  /** of a message that may come with its files or without: its id either way */
  mediaId?: string;
  item: Captured;
  /** hashed: what others may name it by that belong to it */
  standsFor?: string;
  /** hashed; the strong ones, then those of last resort */
  threadKeys: { strong: string[]; lastResort: string[] };
  original?: StoredOriginal;
  /** what quarantine keeps of it should it wait in vain: the original, or the file that it brings */
  evidence?: StoredOriginal;
  parts: StoredPart[];
  content: ContentDoc;
  /** where it was until now, if it was pushed or had to wait */
  from?: TakenRow;
}

export interface PreparedFailure {
  id: string;
  failed: Failed;
  original?: StoredOriginal;
  from?: TakenRow;
}

/** The row of the inbox that an item is captured from: it leaves in the same transaction, unless what it belongs to still isn't there. */
export interface TakenRow {
  row: string;
  arrivedAt: Date;
  /** counted before: it was pulled and had to wait */
  counted: boolean;
}

export interface PreparedBatch {
  batch: Batch;
  items: Prepared[];
  failures: PreparedFailure[];
  /** the quarantine row that its only item is read from: closed once that is captured */
  replays?: string;
}

/** Where a commit belongs: the account, its connector, and the checkpoint that it moves. */
export interface Origin {
  account: Account;
  connector: Connector;
  checkpoint: CheckpointRef;
}

/** A checkpoint as its holder knows it. `seq` and `token` are what the next commit must find. */
export interface CheckpointRef {
  id: string;
  stream: string;
  seq: number;
  token: number;
  position: Position | null;
  /** the UIDVALIDITY it was last moved under */
  uidValidity: string | null;
}

/** 'waiting': durably in the inbox until what it belongs to comes. */
export type Outcome = 'stored' | 'duplicate' | 'revised' | 'quarantined' | 'waiting';

export interface Committed {
  counts: Counts;
  /** one an item, in order */
  outcomes: { id: string; outcome: Outcome }[];
}

/** What an item changes could not be worked out. That is pure, so it can't the next time either: the item's fault, or ours. */
export class PlanError extends Error {
  constructor(cause: unknown) {
    super('What it changes could not be worked out.', { cause });
    this.name = cause instanceof Error ? cause.name : 'PlanError';
  }
}

/** Somebody else holds the lease now, or moved the checkpoint: whoever gets this stops, and nothing of the commit is kept. */
export class LeaseLostError extends Error {
  constructor(checkpoint: string) {
    super(`The checkpoint ${checkpoint} is no longer ours.`);
    this.name = 'LeaseLostError';
  }
}
