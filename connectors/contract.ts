import type { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import type { Answering } from './contract-answers.ts';
import type { Complete, Folded, FoldedItem } from './contract-folded.ts';
import type { LiveChannel } from './contract-live.ts';

export type { Answer, Answered, Answering } from './contract-answers.ts';
export * from './contract-errors.ts';
export type { Complete, Folded, FoldedItem } from './contract-folded.ts';
export * from './contract-folders.ts';
export type * from './contract-live.ts';

/** What a contact is recognised by. Participants keep `value` as it came; server/rules/identity makes it normal where it is compared. */
export interface Identifier {
  type: string;
  value: string;
}

export type Direction = 'inbound' | 'outbound' | 'internal';
export type ParticipantRole = 'from' | 'reply-to' | 'to' | 'cc' | 'bcc' | 'agent';

export interface Participant {
  role: ParticipantRole;
  identifier: Identifier;
  also?: Identifier[];
  name?: string;
}

/** A file of an item. `open` may be called any number of times, also after the item was stored. */
export interface Part {
  name?: string;
  type: string;
  /** decoded bytes */
  size: number;
  inline?: boolean;
  /** what the html calls it by (`cid:`) */
  cid?: string;
  open(): Readable;
}

/** The original bytes, kept as evidence. `bytes` is set when they are in memory already, so that nobody streams for nothing. */
export interface Raw {
  type: string;
  size: number;
  /** hex SHA-256 of the bytes */
  sha256: string;
  bytes?: Uint8Array;
  open(): Readable;
}

/** Where a source holds (or held) a copy of the item: one row of `sightings`. */
export interface Sighting {
  /** folder of a mailbox, or name of a file */
  folder: string;
  /** UIDVALIDITY of the folder as a decimal string; for a file: the empty string */
  uidValidity: string;
  /** UID in the folder, or the byte position in the file */
  uid: number;
}

/** One item as the channel delivered it, channel-neutral (DESIGN 5). */
export interface Captured {
  /** Deterministic: same item, same key, for ever. */
  sourceKey: string;
  /** 'author': the key says what was written and holds across accounts (mail). 'account' (default): it is the provider's, within one account. */
  keyScope?: 'account' | 'author';
  kind: 'interaction' | 'message' | 'status' | 'recording' | 'event';
  /** source key (of this account) of the interaction that a message, status, recording or call leg is part of */
  belongsTo?: string;
  /** the provider's own id of that interaction, for the case that this item makes it */
  belongsToExternalId?: string;
  /** 'wait' (default): while that interaction isn't there it waits, 7 days at most. 'create': it makes the interaction, under that key. */
  orElse?: 'wait' | 'create';
  /** of a leg: the source key that its source names it by. What belongs to that belongs to the leg's interaction */
  standsFor?: string;
  externalId?: string;
  /** the connector's word ('email', 'sms', ...); models and web never list them */
  channel: string;
  direction: Direction;
  occurredAt: Date;
  /** when its author says it was sent, if the channel has such a field */
  sentAt?: Date;
  participants: Participant[];
  /** whom the item belongs to: each gets an entry, and becomes a provisional contact when unknown. Indexes into `participants`. */
  parties?: number[];
  /** whom it belongs to only when they are contacts already; never provisional. Indexes into `participants`. */
  others?: number[];
  /** in words: why nobody outside belongs to it, when `parties` is empty */
  unlinkedReason?: string;
  threadKeys: string[];
  /** weaker keys, looked up only when none of `threadKeys` is known; each is also remembered */
  lastResortThreadKeys?: string[];
  /** false: `lastResortThreadKeys` are only remembered, not looked up (it isn't a reply to anything) */
  lastResortLookup?: boolean;
  subject?: string;
  text?: string;
  html?: string;
  /** raw header block, as it stands */
  headers?: string;
  /** in words: why the item is incomplete or empty */
  notice?: string;
  event?: { name: string; data: unknown };
  /** of a status: one of a lower rank than the one reached is kept in the history and doesn't become the state. `at`: when that state was reached, where that isn't `occurredAt` */
  status?: { state: string; rank: number; at?: Date; error?: string };
  /** of a message: a note is never shown to a visitor */
  message?: { kind: 'message' | 'note' | 'system' };
  /**
   * Of a message that one export of its source has with its files and another without. `key`: of the message's place in the chat, the same in both.
   * `words`: what was written with the files, '' for nothing. Two messages under one key are one where either has all that the other has: it is kept once,
   * with the files and words of both.
   */
  media?: { key: string; words: string };
  /** one line for timelines, where the text's beginning doesn't say it (a call's result) */
  summary?: string;
  /** a signed source says it: identifiers in `also` are the same person's. Else they are only suggested. */
  proven?: boolean;
  /** false: its source tells it in several forms (a webhook's, an API's); another form of what is known is no revision of it */
  revises?: false;
  /** the connector's own, by its detailsSchema */
  details?: unknown;
  parts: Part[];
  raw?: Raw;
  sighting?: Sighting;
  /** locators that it may lie in quarantine under (Failed), besides its sighting and its source key: those rows are closed once it is captured */
  quarantinedAs?: readonly string[];
  /** what becomes the `beside` of its Failed, should it turn out that the item can't be stored; JSON-safe */
  beside?: Record<string, unknown>;
  /** Frees what `open` needs (a spool file). Called once the item is stored or given up. */
  dispose?(): Promise<void>;
}

/** An item that could not be fetched or read; goes to quarantine. `locator` is deterministic, so that a rescan makes no second row. */
export interface Failed {
  locator: string;
  reason: string;
  size?: number;
  raw?: Raw;
  sighting?: Sighting;
  /** what it takes to read the bytes again beside them (its file's header, say); JSON-safe, and handed to `reparse` */
  beside?: Record<string, unknown>;
}

/** Position of a stream as the connector left it; JSON-safe. Compared as a whole by nobody but its connector. */
export type Position = Record<string, unknown>;

/** One step of a pull. `next` is valid once every item is stored and every failure quarantined. */
export interface Batch {
  /** folder or file: checkpoints are kept per (account, stream); batches of one stream are committed in the order they come */
  stream: string;
  items: Captured[];
  failed: Failed[];
  next: Position;
  /** sightings of this stream with another uidValidity than this one are stale from here on */
  uidValidity?: string;
}

/** What the core keeps for a connector between pulls. */
export interface Checkpoints {
  get(stream: string): Promise<Position | null>;
  /** UIDs (ascending) with a current sighting or an open quarantine row in (stream, uidValidity), above `after`. */
  held(stream: string, uidValidity: string, after?: number): AsyncIterable<number>;
  /** How many the source holds and how many of those we have: for the health page. */
  compared(stream: string, counts: { held: number; missing: number }): Promise<void>;
  /**
   * The lag of the account in seconds: age of the oldest item known at the source and not yet stored, 0 when level. `notice`: in
   * words, what is wrong with an account that works all the same (a folder that isn't there).
   */
  lag(seconds: number, notice?: string): void;
}

/** An account as a connector sees it: its config is decrypted and valid by `configSchema`. */
export interface Account<Config = unknown> {
  id: string;
  name: string;
  config: Config;
  /** normalised addresses and domains that are ours (all accounts and TALTEEN_OWN_DOMAINS) */
  ours: { addresses: ReadonlySet<string>; domains: ReadonlySet<string> };
  /** a folder of ours for spool files; exists, mode 0700 */
  spool: string;
  log: ConnectorLog;
  /**
   * Puts what the source gave anew (a refresh token, say) among the secrets of the config, durable when it resolves: `patch` has the
   * shape of the config and only fields that are `secrets`. A secret that somebody else has changed since stays as it is.
   */
  remember?(patch: object): Promise<void>;
}

/** Takes no personal data: ids, counts, durations, error codes. */
export interface ConnectorLog {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
}

/** One rung of "test connection". `detail` says in words why it failed and what to do. */
export interface Rung {
  name: string;
  ok: boolean;
  detail: string;
  data?: unknown;
}

/** A webhook request, body as received. */
export interface WebhookRequest {
  method: string;
  /** whole, as the sender knows it: our public address, and path and query as they came */
  url?: string;
  /** path after /webhooks/:account/ */
  path: string;
  query: string;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
  /** it came with a token that may post to this account */
  authenticated?: boolean;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** What became of a pushed item: durably accepted, known already, or known with other content. */
export type Acceptance = 'stored' | 'duplicate' | 'revised';

export interface Received {
  items: Captured[];
  failed: Failed[];
  /** or what it is once it is known what became of each item, in their order */
  reply: Reply | ((accepted: readonly Acceptance[]) => Reply);
}

/** A file handed in by upload or `talteen import`; on disk, read as a stream. */
export interface ImportFile {
  /** the name it came with; for a directory the path inside it */
  name: string;
  path: string;
  /** all that was handed in together, itself among them; the same array for each */
  beside?: readonly ImportFile[];
}

export interface Connector<Config = unknown> {
  id: string;
  label: string;
  configSchema: ZodType<Config>;
  /** dotted paths in the config that are secrets: encrypted at rest, never returned */
  secrets: readonly string[];
  /** by secret: dotted paths of the settings that say where it is sent; when one of them changes, the secret has to be given anew */
  secretsGoTo?: Readonly<Record<string, readonly string[]>>;
  /** dotted paths of settings that name folders of the hub's machine: set by who sees all accounts only, for what lies there comes in; never the hub's own */
  folders?: readonly string[];
  detailsSchema?: ZodType;
  /** paths below /webhooks/:account/ that `receive` takes */
  webhooks?: readonly string[];
  /** for who sets it up, in words: where at the source each webhook's address belongs, by its name */
  webhookHelp?: Readonly<Record<string, string>>;
  /** for who sets it up, in words: what is to be known of these settings (data leaves the EU, say); secrets aren't in `config` */
  warnings?(config: Partial<Config>): string[];
  /** our own addresses by this account's config, not normalised */
  addresses?(config: Config): string[];
  test?(account: Account<Config>): AsyncIterable<Rung>;
  /** Runs until `signal` aborts or it throws a ConnectorError. */
  pull?(account: Account<Config>, checkpoints: Checkpoints, signal: AbortSignal): AsyncIterable<Batch>;
  /**
   * Reads a file in batches. `from`: the `next` of the last batch that was stored, when an import was interrupted: it resumes after that batch. Where that
   * place can't be found any more (the file was replaced), it resumes earlier: what was stored already is a duplicate. Throws ConnectorError.
   */
  importFile?(
    account: Account<Config>,
    file: ImportFile,
    signal: AbortSignal,
    from?: Position | null,
  ): AsyncIterable<Batch>;
  /** The n-th part (from 1) of an original that this connector captured, decoded. */
  openPart?(raw: { type: string; open(): Readable }, n: number): Promise<Readable>;
  /** Reads an original again (replay of a quarantined item). `beside`: what came with its failure. */
  reparse?(
    account: Account<Config>,
    raw: Raw,
    sighting?: Sighting,
    beside?: Record<string, unknown>,
  ): Promise<Captured>;
  /** Fetches one item again that could not be fetched before; null when the source no longer holds it. */
  fetchAgain?(account: Account<Config>, sighting: Sighting, signal: AbortSignal): Promise<Captured | null>;
  receive?(account: Account<Config>, request: WebhookRequest): Promise<Received>;
  answering?: Answering<Config>;
  /** people talk here live, over the hub's sockets */
  live?: LiveChannel<Config>;
  /**
   * What an item that belongs to an interaction (a message, a status, a recording, a call leg) makes of the interaction's details. Pure, and called in order of
   * arrival, which is any order. `part`: the number that the item's first file has there.
   */
  fold?(details: unknown, item: FoldedItem, part: number): Folded;
  /** For items with `keyScope: 'author'`, of which there are several copies: one may name a Bcc, or show that we sent it, which the others don't. */
  complete?: Complete;
}
