import { stampRetention } from '../rules/retention.ts';
import { type EntryOf, entryOf, NOBODY_OUTSIDE, previewOf } from './documents.ts';
import type { People } from './people.ts';
import type { Plan } from './plan-types.ts';
import type { CaptureDeps, Prepared } from './types.ts';

type Stamped = Pick<Parameters<typeof stampRetention>[1], 'contact' | 'organisation'>;

/**
 * Plans an entry, with its retention tag, for each contact that an interaction or event belongs to; when it belongs to none, one entry without a contact that
 * says why. Answers how many contacts got one. `unless`: for an item that has entries already; contacts for whom it is true get none, and none without
 * a contact is made.
 */
export const makeEntries =
  ({ policies, zone }: Pick<CaptureDeps, 'policies' | 'zone'>, { plan, people }: { plan: Plan; people: People }) =>
  (of: EntryOf, { item }: Prepared, { unless }: { unless?: (contact: string) => boolean } = {}): number => {
    const preview = previewOf(item);
    const { occurredAt, capturedAt } = of;
    const stamp = (whose: Stamped) => stampRetention(policies, { ...whose, occurredAt, capturedAt, zone });
    const contacts = people.of(item).filter(({ _id }) => !unless?.(_id));
    for (const contact of contacts) {
      const retention = stamp({ contact, organisation: people.organisationOf(contact) });
      plan.entries.push(entryOf(of, preview, { contact: contact._id, retention }));
      people.touch(contact);
    }
    if (contacts.length > 0 || unless) return contacts.length;
    const reason = item.unlinkedReason ?? NOBODY_OUTSIDE;
    const retention = stamp({ contact: null, organisation: null });
    plan.entries.push(entryOf(of, preview, { contact: null, reason, retention }));
    return 0;
  };

export type AddEntries = ReturnType<typeof makeEntries>;
