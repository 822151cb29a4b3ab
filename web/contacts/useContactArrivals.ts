import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../api/client.ts';
import { type LiveEntry, onCatchUp, onContact, onEntry } from '../api/live.ts';
import { keys } from '../api/queries.ts';
import type { Contact, Page } from '../api/types.ts';
import { lastOf } from '../timeline/last.ts';

type Loaded = InfiniteData<Page<Contact>, string | undefined>;

export const withEntry = (contact: Contact, { entry }: LiveEntry): Contact => {
  const { at, direction } = lastOf(entry);
  if (contact.lastEntry && contact.lastEntry.at > at) return contact;
  return { ...contact, lastEntry: { at, channel: entry.channel, direction, text: entry.subject || entry.preview } };
};

/** Whether what happened at `at` lies below all that is loaded, on a page that is still to come. */
export const isBelow = (loaded: Loaded, at: string): boolean =>
  Boolean(loaded.pages.at(-1)?.next) &&
  !loaded.pages.some(({ items }) => items.some(other => (other.lastEntry?.at ?? '') <= at));

/** The loaded list with one contact in its place by newest activity; the pages keep their cursors. One that is below them is left out. */
export const placed = (loaded: Loaded, contact: Contact): Loaded => {
  const at = contact.lastEntry?.at ?? '';
  const pages = loaded.pages.map(page => ({ ...page, items: page.items.filter(({ id }) => id !== contact.id) }));
  if (isBelow({ ...loaded, pages }, at)) return { ...loaded, pages };
  const target = pages.find(({ items }) => items.some(other => (other.lastEntry?.at ?? '') <= at)) ?? pages.at(-1);
  if (!target) return loaded;
  const index = target.items.findIndex(other => (other.lastEntry?.at ?? '') <= at);
  target.items.splice(index < 0 ? target.items.length : index, 0, contact);
  return { ...loaded, pages };
};

const asked = new Map<string, Promise<Contact | null>>();
const newest = 20;
/**
 * A contact that isn't in the list and has just got an entry: it is among the newest. One request at a time, however many of its entries come. Of the
 * list, since each reading of one contact is logged as somebody's opening it.
 */
const ask = (id: string): Promise<Contact | null> => {
  const known = asked.get(id);
  if (known) return known;
  const answer = api<Page<Contact>>('/contacts', { query: { limit: newest } })
    .then(({ items }) => items.find(contact => contact.id === id) ?? null)
    .catch(() => null)
    .finally(() => asked.delete(id));
  asked.set(id, answer);
  return answer;
};

const bump = async (client: QueryClient, event: LiveEntry) => {
  if (!event.contact) return;
  const key = keys.contacts('');
  const list = client.getQueryData<Loaded>(key);
  if (!list) return;
  const known = list.pages.flatMap(({ items }) => items).find(({ id }) => id === event.contact);
  if (!known && isBelow(list, lastOf(event.entry).at)) return;
  const contact = known ?? (await ask(event.contact));
  if (!contact) return void client.invalidateQueries({ queryKey: key });
  client.setQueryData<Loaded>(key, loaded => loaded && placed(loaded, withEntry(contact, event)));
};

/** Asks again for the lists that hold a contact who was changed: one that was absorbed by another leaves. */
const renew = (client: QueryClient, id: string): void => {
  const holds = (list: unknown) =>
    (list as Loaded | undefined)?.pages.some(({ items }) => items.some(one => one.id === id));
  void client.invalidateQueries({ queryKey: ['contacts'], predicate: ({ state }) => holds(state.data) === true });
};

/** Keeps the lists of contacts as they are now, also while another page is shown: what arrives moves its contact up without asking again. */
export const useContactArrivals = (): void => {
  const client = useQueryClient();
  useEffect(() => onEntry(event => void bump(client, event)), [client]);
  useEffect(() => onContact(id => renew(client, id)), [client]);
  useEffect(() => onCatchUp(() => void client.invalidateQueries({ queryKey: ['contacts'] })), [client]);
};
