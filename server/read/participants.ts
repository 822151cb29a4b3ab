import type { Models } from '../../models/index.ts';
import type { StoredParticipant } from '../../models/interactions.ts';
import type { Participant } from '../http/dto/interactions.ts';
import { identifierKey, identify } from '../rules/identity.ts';
import { native } from '../store/native.ts';

const keyOf = ({ identifier }: StoredParticipant, country: string): string | null => {
  const identified = identify(identifier, country);
  return identified && identifierKey(identified);
};

/**
 * Participants as they are shown, each with the contact that has its identifier now: this is decided when they are read, so that it is right after a merge or a
 * correction. One query for all lists. `country`: of numbers without a prefix, as at capture.
 */
export const resolveParticipants = async (
  models: Models,
  lists: readonly { participants: readonly StoredParticipant[]; country: string }[],
): Promise<Participant[][]> => {
  const keys = new Set(
    lists.flatMap(({ participants, country }) => participants.flatMap(one => keyOf(one, country) ?? [])),
  );
  const rows =
    keys.size === 0
      ? []
      : await native(models.identifiers)
          .find({ _id: { $in: [...keys] } })
          .toArray();
  const owners = new Map(rows.map(({ _id, contact }) => [_id, contact]));
  const shown = (participant: StoredParticipant, country: string): Participant => {
    const { role, name, identifier } = participant;
    const normal = identify(identifier, country);
    const contact = (normal && owners.get(identifierKey(normal))) ?? null;
    // an address is shown as written, a number in E.164, since only that identifies it
    const { type, value } = (normal?.type === 'phone' && normal) || identifier;
    return { role, name: name ?? null, identifier: { type, value }, contact };
  };
  return lists.map(({ participants, country }) => participants.map(one => shown(one, country)));
};
