import type { mongo } from 'mongoose';
import type { ContentDoc } from '../../models/contents.ts';
import type { Models } from '../../models/index.ts';
import { detailsOf, type InteractionDoc } from '../../models/interactions.ts';
import type { SightingDoc } from '../../models/sightings.ts';
import type { Interaction, InteractionItem } from '../http/dto/interactions.ts';
import type { BlobStore } from '../store/blobs.ts';
import { native } from '../store/native.ts';
import { type Cursor, cutPage, olderThan } from './cursor.ts';
import { LAST_MESSAGES, lastMessages, partViews } from './messages.ts';
import { oneOf } from './one-of.ts';
import { resolveParticipants } from './participants.ts';
import {
  type Allowed,
  revisionsOf,
  seesFirst,
  visibleOriginals,
  visibleParticipants,
  visibleSightings,
} from './visible.ts';

/** Most bytes of text that are answered; of longer text only the beginning, since the original has all. */
const MOST_CONTENT = 32 * 1024 * 1024;

interface Reading {
  models: Models;
  blobs: BlobStore;
  country: string;
}

/** One page of interactions, newest captured first. */
export const interactionsPage = async (
  models: Models,
  { accounts, channel }: { accounts: Allowed; channel?: string | undefined },
  { limit, before }: { limit: number; before?: Cursor | undefined },
): Promise<{ docs: InteractionDoc[]; next: Cursor | null }> => {
  const filter = {
    ...(accounts === null ? {} : { accounts: oneOf(accounts) }),
    ...(channel === undefined ? {} : { channel }),
    ...olderThan('capturedAt', before),
  } as mongo.Filter<InteractionDoc>;
  const docs = await native(models.interactions)
    .find(filter, { sort: { capturedAt: -1, _id: -1 }, limit: limit + 1, batchSize: limit + 2 })
    .toArray();
  const { shown, next } = cutPage(docs, limit, ({ capturedAt: at, _id: id }) => ({ at, id }));
  return { docs: shown, next };
};

const statusOf = ({ status }: InteractionDoc): InteractionItem['status'] =>
  status && {
    state: status.state,
    history: status.history.map(({ state, at, error }) => ({ state, at: at.toISOString(), error })),
  };

/** What the source had of an interaction. */
type Source = Pick<InteractionItem, 'original' | 'sightings' | 'revisions'>;

const itemOf = (
  doc: InteractionDoc,
  participants: InteractionItem['participants'],
  source: Source,
  allowed: Allowed,
): InteractionItem => ({
  automated: null,
  ...detailsOf(doc),
  id: doc._id,
  externalId: doc.externalId ?? null,
  connector: doc.connector,
  account: seesFirst(allowed, doc) ? doc.account : (doc.accounts.find(one => allowed?.includes(one)) ?? doc.account),
  accounts: allowed === null ? doc.accounts : doc.accounts.filter(account => allowed.includes(account)),
  channel: doc.channel,
  direction: doc.direction,
  occurredAt: doc.occurredAt.toISOString(),
  sentAt: doc.sentAt?.toISOString() ?? null,
  capturedAt: doc.capturedAt.toISOString(),
  subject: doc.subject ?? null,
  participants,
  conversation: doc.conversation,
  status: statusOf(doc),
  notice: doc.notice ?? null,
  parts: partViews(doc.parts),
  ...source,
});

type Content = Pick<Interaction, 'text' | 'html' | 'headers' | 'truncated'>;

/** Text, html and headers, also where they were too long for their document and are in a blob. */
const contentOf = async ({ models, blobs }: Reading, id: string): Promise<Content> => {
  const found = await native(models.contents).findOne({ _id: id });
  const shown = (content: Partial<ContentDoc>, truncated: boolean): Content => ({
    text: content.text ?? null,
    html: content.html ?? null,
    headers: content.headers ?? null,
    truncated,
  });
  if (!found?.overflow) return shown(found ?? {}, false);
  const blob = await blobs.open(found.overflow);
  if (!blob || blob.length > MOST_CONTENT) {
    blob?.stream.destroy();
    return shown(found, true);
  }
  const bytes = Buffer.concat(await blob.stream.toArray());
  return shown(JSON.parse(bytes.toString('utf8')) as Partial<ContentDoc>, false);
};

const sightingOf = ({
  account,
  folder,
  uidValidity,
  uid,
  sha256,
  stale,
}: SightingDoc): Interaction['sightings'][0] => ({
  account,
  folder,
  uidValidity: uidValidity || null,
  uid,
  sha256,
  stale,
});

const originalOf = async (
  { models }: Reading,
  doc: InteractionDoc,
  sightings: readonly SightingDoc[],
  allowed: Allowed,
): Promise<Interaction['original']> => {
  const original = visibleOriginals(allowed, doc, sightings)[0];
  if (!original || !doc.original) return null;
  const { sha256, type } = original;
  if (sha256 === doc.original.sha256) return { type, size: doc.original.size, sha256 };
  const blob = await native(models.blobs).findOne({ _id: original.blob }, { projection: { length: 1 } });
  return blob && { type, size: blob.length, sha256 };
};

const sightingsByInteraction = async (
  models: Models,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SightingDoc[]>> => {
  const found = new Map(ids.map(id => [id, [] as SightingDoc[]]));
  const all = native(models.sightings).find({ interaction: oneOf(ids) });
  for await (const one of all.sort({ account: 1, folder: 1, uidValidity: 1, uid: 1 }))
    found.get(one.interaction)?.push(one);
  return found;
};

/** All sightings of an interaction, sorted by place. */
export const sightingsOf = async (models: Models, interaction: string): Promise<SightingDoc[]> =>
  (await sightingsByInteraction(models, [interaction])).get(interaction) ?? [];

const sourceOf = async (
  reading: Reading,
  doc: InteractionDoc,
  sightings: readonly SightingDoc[],
  allowed: Allowed,
): Promise<Source> => {
  const revisions = seesFirst(allowed, doc) ? revisionsOf(doc) : [];
  return {
    original: await originalOf(reading, doc, sightings, allowed),
    sightings: visibleSightings(allowed, sightings).map(sightingOf),
    revisions: revisions.map(({ at, sha256 }) => ({ at: at.toISOString(), sha256 })),
  };
};

/** Interactions as lists show them. */
export const interactionItems = async (
  reading: Reading,
  docs: readonly InteractionDoc[],
  allowed: Allowed,
): Promise<InteractionItem[]> => {
  const { models, country } = reading;
  const lists = docs.map(doc => ({
    participants: visibleParticipants(allowed, doc),
    country: doc.country ?? country,
  }));
  const ids = docs.map(({ _id }) => _id);
  const [resolved, sightings] = await Promise.all([
    resolveParticipants(models, lists),
    sightingsByInteraction(models, ids),
  ]);
  return Promise.all(
    docs.map(async (doc, index) => {
      const source = await sourceOf(reading, doc, sightings.get(doc._id) ?? [], allowed);
      return itemOf(doc, resolved[index] ?? [], source, allowed);
    }),
  );
};

/** The interaction with this id; null when there is none. */
export const findInteraction = (models: Models, id: string): Promise<InteractionDoc | null> =>
  native(models.interactions).findOne({ _id: id });

/** One interaction with its content, as far as the allowed accounts permit. */
export const interactionView = async (
  reading: Reading,
  doc: InteractionDoc,
  allowed: Allowed,
): Promise<Interaction> => {
  const [[item], content, messages] = await Promise.all([
    interactionItems(reading, [doc], allowed),
    contentOf(reading, doc._id),
    doc.lastSeq === undefined ? null : lastMessages(reading, doc._id, LAST_MESSAGES),
  ]);
  if (!item) throw new Error('An interaction was lost on its way.');
  return {
    ...item,
    ...content,
    // the headers are those of the first copy: they name its Bcc and the way it took
    headers: seesFirst(allowed, doc) ? content.headers : null,
    ...(messages ? { messages } : {}),
  };
};
