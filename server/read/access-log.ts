import type { AccessLogDoc } from '../../models/access.ts';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { native } from '../store/native.ts';
import { type Cursor, cutPage, decodeCursor, encodeCursor, olderThan } from './cursor.ts';
import { familyOf } from './family.ts';

type Of = Pick<AccessLogDoc, 'contact' | 'interaction'>;
type Named = { id: string; name: string };

/** Name of a contact now, else its first identifier; '' when it has neither. */
const nameOf = ({ name, identifiers }: Pick<ContactDoc, 'name' | 'identifiers'>): string =>
  [name.first, name.last].filter(Boolean).join(' ') || identifiers[0]?.value || '';

/** Looks up which contacts the rows of the access log are about: the contact that was read, or those on whose timelines the interaction is now. */
export const whoseOf = async (models: Models, rows: readonly Of[]): Promise<(row: Of) => Named[]> => {
  const interactions = rows.flatMap(({ contact, interaction }) => (!contact && interaction ? [interaction] : []));
  const entries = await native(models.timeline)
    .find<Pick<TimelineDoc, 'interaction' | 'contact'>>(
      { interaction: { $in: interactions }, contact: { $ne: null } },
      { projection: { interaction: 1, contact: 1 } },
    )
    .toArray();
  const ids = [...rows, ...entries].flatMap(({ contact }) => contact ?? []);
  const contacts = await native(models.contacts)
    .find<Pick<ContactDoc, '_id' | 'name' | 'identifiers'>>(
      { _id: { $in: ids } },
      { projection: { name: 1, identifiers: 1 } },
    )
    .toArray();
  const names = new Map(contacts.map(contact => [contact._id, nameOf(contact)]));
  return ({ contact, interaction }) => {
    const of = contact
      ? [contact]
      : entries.flatMap(entry => (entry.interaction === interaction ? (entry.contact ?? []) : []));
    return [...new Set(of)].map(id => ({ id, name: names.get(id) ?? '' }));
  };
};

/** Interactions in one query: a timeline may have more than one query can hold. */
const LOT = 10_000;

/** Conditions for the rows about a contact: those of it and of contacts it absorbed, and those of interactions on its timeline now, lot by lot. */
async function* lotsOf(models: Models, contact: string): AsyncGenerator<object> {
  const ids = (await familyOf(models, contact))?.ids ?? [contact];
  yield { contact: { $in: ids } };
  let lot: string[] = [];
  const entries = native(models.timeline).find<Pick<TimelineDoc, 'interaction'>>(
    { contact: { $in: ids }, interaction: { $ne: null } },
    { projection: { interaction: 1 } },
  );
  for await (const { interaction } of entries) {
    if (interaction) lot.push(interaction);
    if (lot.length < LOT) continue;
    yield { interaction: { $in: lot } };
    lot = [];
  }
  if (lot.length > 0) yield { interaction: { $in: lot } };
}

async function* all(): AsyncGenerator<object> {
  yield {};
}

const newestFirst = (a: AccessLogDoc, b: AccessLogDoc): number =>
  b.at.getTime() - a.at.getTime() || (a._id < b._id ? 1 : -1);

/** Query of the access log. */
export interface AccessLogFilter {
  /** id of the contact whose data were read */
  contact?: string | undefined;
  /** id of the user or token that read them */
  who?: string | undefined;
  limit: number;
  before?: string | undefined;
}

/** A page of the access log, newest first. Throws BadCursor. */
export const readAccessLog = async (
  models: Models,
  { contact, who, limit, before }: AccessLogFilter,
): Promise<{ shown: AccessLogDoc[]; next: string | null }> => {
  const place: Cursor | undefined = decodeCursor(before);
  const newest = new Map<string, AccessLogDoc>();
  for await (const lot of contact === undefined ? all() : lotsOf(models, contact)) {
    const rows = native(models.accessLog).find(
      { $and: [lot, who === undefined ? {} : { who }, olderThan('at', place)] },
      { sort: { at: -1, _id: -1 }, limit: limit + 1 },
    );
    for await (const row of rows) newest.set(row._id, row);
  }
  return cutPage([...newest.values()].sort(newestFirst), limit, ({ at, _id: id }) => encodeCursor({ at, id }));
};
