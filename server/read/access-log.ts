import type { AccessLogDoc } from '../../models/access.ts';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { native } from '../store/native.ts';

type Of = Pick<AccessLogDoc, 'contact' | 'interaction'>;
type Named = { id: string; name: string };

/** What a contact is called now; '' where nothing is known. */
const nameOf = ({ name, identifiers }: Pick<ContactDoc, 'name' | 'identifiers'>): string =>
  [name.first, name.last].filter(Boolean).join(' ') || identifiers[0]?.value || '';

/** Looks up whom rows of the access log are about: the contact that was read, or those on whose timelines the interaction is now. */
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
