import type { Captured, Participant } from '../../connectors/contract.ts';
import { blankContact, type ContactDoc } from '../../models/contacts.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { cut } from '../rules/cut.ts';
import {
  type Identified,
  identifierKey,
  identify,
  isPublicMailDomain,
  mailDomain,
  organisationDomainsOf,
  searchWords,
} from '../rules/identity.ts';
import { newId } from '../store/ids.ts';
import type { Facts } from './facts.ts';

/** Nobody's name is longer, in characters. */
const LONGEST_NAME = 1000;

/** 'Päivi Mäkelä', or 'Mäkelä, Päivi' as address books turn it; an address in the place of a name is none. */
export const splitName = (name: string | undefined): ContactDoc['name'] => {
  const text = cut(name ?? '', LONGEST_NAME)
    .replace(/\s+/g, ' ')
    .replace(/^['"]+|['"]+$/g, '')
    .trim();
  if (text === '' || text.includes('@')) return { first: null, last: null };
  const [last, first, ...more] = text.split(', ');
  if (last && first && more.length === 0) return { first, last };
  const words = text.split(' ');
  return words.length === 1
    ? { first: text, last: null }
    : { first: words.slice(0, -1).join(' '), last: words.at(-1) ?? null };
};

/** Who a batch's participants are: known contacts, and one provisional contact for each unknown party. Pure: what is new is read off at the end. */
export const makePeople = (facts: Facts, { country, now }: { country: string; now: Date }) => {
  const identifiers = new Map(facts.identifiers);
  const contacts = new Map(facts.contacts);
  const created: ContactDoc[] = [];
  const added: { _id: string; contact: string }[] = [];
  const touched = new Map<string, ContactDoc>();

  /** Of a merge that leads to nobody, the last that there is. */
  const surviving = (id: string): ContactDoc | null => {
    const contact = contacts.get(id);
    const into = contact?.mergedInto ? surviving(contact.mergedInto) : null;
    return into ?? contact ?? null;
  };

  const organisationAt = (identified: Identified): OrganisationDoc | null => {
    const domain = identified.type === 'email' ? mailDomain(identified.value) : null;
    if (!domain || isPublicMailDomain(domain)) return null;
    const owner = organisationDomainsOf(domain)
      .map(name => facts.domains.get(name))
      .find(found => found !== undefined);
    return (owner && facts.organisations.get(owner)) || null;
  };

  const find = (identified: Identified): ContactDoc | null => {
    const id = identifiers.get(identifierKey(identified));
    return id ? surviving(id) : null;
  };

  const createProvisional = (identified: Identified, name: string | undefined): ContactDoc => {
    const organisation = organisationAt(identified);
    const contact: ContactDoc = {
      ...blankContact(newId(), now),
      name: splitName(name),
      organisation: organisation?._id ?? null,
      identifiers: [identified],
      provisional: true,
      captures: 1,
    };
    contact.search = searchWords({ ...contact, organisationName: organisation?.name ?? null });
    created.push(contact);
    contacts.set(contact._id, contact);
    identifiers.set(identifierKey(identified), contact._id);
    added.push({ _id: identifierKey(identified), contact: contact._id });
    return contact;
  };

  const resolve = (participant: Participant | undefined, mayCreate: boolean): ContactDoc | null => {
    const identified = participant && identify(participant.identifier, country);
    if (!identified) return null;
    return find(identified) ?? (mayCreate ? createProvisional(identified, participant.name) : null);
  };

  const distinct = (found: (ContactDoc | null)[]): ContactDoc[] => [
    ...new Map(found.filter(contact => contact !== null).map(contact => [contact._id, contact])).values(),
  ];

  return {
    /** The contact of an id, or the one that it was merged into. */
    known: surviving,

    /** Its id; of a contact that isn't known, the id as it is. */
    knownId: (id: string): string => surviving(id)?._id ?? id,

    /** Whose timelines an item belongs on. */
    of: ({ participants, parties = [], others = [] }: Captured): ContactDoc[] =>
      distinct([
        ...parties.map(index => resolve(participants[index], true)),
        ...others.map(index => resolve(participants[index], false)),
      ]),

    organisationOf: ({ organisation }: ContactDoc): OrganisationDoc | null =>
      (organisation && facts.organisations.get(organisation)) || null,

    /** Each contact that gets an entry is written, so that a change of what its tag depends on conflicts with this commit. */
    touch: (contact: ContactDoc): void => void touched.set(contact._id, contact),

    /** What is new: to be inserted or updated by the commit. */
    changes: () => {
      const fresh = new Set(created.map(({ _id }) => _id));
      return {
        created,
        identifiers: added,
        /** organisations that new contacts come to: written, so that a change of one conflicts with this commit */
        joined: [...new Set(created.flatMap(({ organisation }) => organisation ?? []))],
        touched: [...touched.values()].filter(({ _id }) => !fresh.has(_id)),
      };
    },
  };
};

export type People = ReturnType<typeof makePeople>;
