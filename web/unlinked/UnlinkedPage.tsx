import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { onGone } from '../api/live.ts';
import { keys, useSuggestionCounts, useUnlinked } from '../api/queries.ts';
import type { Contact, Page as PageOf, TimelineEntry } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Finder } from '../palette/Finder.tsx';
import { EntryRow } from '../timeline/EntryRow.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { nameOf } from '../ui/names.ts';
import { More, Page, Waiting } from '../ui/Page.tsx';
import { Empty } from '../ui/parts.tsx';
import { say } from '../ui/toast.tsx';
import { Suggestions } from './Suggestions.tsx';
import '../timeline/timeline.css';
import './unlinked.css';

type Loaded = InfiniteData<PageOf<TimelineEntry>, string | undefined>;

const put = (entry: TimelineEntry, contact: string | null) =>
  api<TimelineEntry>(`/timeline/${encodeURIComponent(entry.id)}/contact`, { method: 'PUT', body: { contact } });

/** What leaves goes out of the list as soon as it is told. */
const useLeaving = (): void => {
  const client = useQueryClient();
  useEffect(
    () =>
      onGone(id => {
        client.setQueryData<Loaded>(
          keys.unlinkedList,
          list =>
            list && {
              ...list,
              pages: list.pages.map(page => ({ ...page, items: page.items.filter(one => one.id !== id) })),
            },
        );
      }),
    [client],
  );
};

const refresh = (client: QueryClient, contact: string): void => {
  for (const queryKey of [keys.unlinked, ['contacts'], ['timeline', contact], ['timeline-counts', contact]])
    void client.invalidateQueries({ queryKey });
};

const useLink = () => {
  const client = useQueryClient();
  const [, go] = useLocation();
  const undo = (linked: TimelineEntry, contact: Contact) =>
    put(linked, null).then(
      () => {
        refresh(client, contact.id);
        say(t.unlinked.undone);
      },
      (error: Error) => say(error.message),
    );
  return useMutation({
    mutationFn: ({ entry, contact }: { entry: TimelineEntry; contact: Contact }) => put(entry, contact.id),
    onSuccess: (linked, { contact }) => {
      refresh(client, contact.id);
      say(
        t.unlinked.linked(nameOf(contact)),
        { label: t.state.undo, run: () => void undo(linked, contact) },
        { label: t.unlinked.open, run: () => go(`/contacts/${encodeURIComponent(contact.id)}`) },
      );
    },
    onError: error => say(error.message),
  });
};

const Rows = ({
  entries,
  more,
  busy,
  choose,
}: {
  entries: TimelineEntry[];
  more: boolean;
  busy: boolean;
  choose: (entry: TimelineEntry) => void;
}) => (
  <div role="feed" aria-label={t.unlinked.title} aria-busy={busy}>
    {entries.map((entry, at) => (
      <EntryRow key={entry.id} dated entry={entry} position={at + 1} size={more ? -1 : entries.length}>
        <div className="unlinked-why">
          <span>{entry.reason}</span>
          <button type="button" className="btn small" onClick={() => choose(entry)}>
            {t.unlinked.link}
          </button>
        </div>
      </EntryRow>
    ))}
  </div>
);

/** The focus stays in the list: where an entry was that has left it, the next one takes it over. */
const useNextFocus = (entries: TimelineEntry[]): ((leaving: TimelineEntry) => void) => {
  const left = useRef<{ id: string; at: number } | null>(null);
  useEffect(() => {
    const { id, at } = left.current ?? {};
    if (at === undefined || entries.some(entry => entry.id === id)) return;
    left.current = null;
    if (document.activeElement !== document.body) return;
    const buttons = document.querySelectorAll<HTMLElement>('.unlinked-why button');
    buttons[Math.min(at, buttons.length - 1)]?.focus();
  }, [entries]);
  return leaving => {
    left.current = { id: leaving.id, at: entries.indexOf(leaving) };
  };
};

/** Entries that belong to nobody known: each says why, and can be given to a contact. */
const UnlinkedPage = () => {
  const list = useUnlinked();
  const suggestions = useSuggestionCounts();
  useLeaving();
  const link = useLink();
  const [choosing, choose] = useState<TimelineEntry | null>(null);
  const entries = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const leaves = useNextFocus(entries);
  const give = (entry: TimelineEntry) => (contact: Contact) => {
    leaves(entry);
    link.mutate({ entry, contact });
    choose(null);
  };
  useEffect(
    () =>
      onGone(id => {
        if (id !== choosing?.id) return;
        choose(null);
        say(t.unlinked.taken);
      }),
    [choosing],
  );
  return (
    <Page title={t.unlinked.title} help={t.unlinked.help}>
      <Suggestions />
      <Waiting query={list} />
      {list.data && entries.length === 0 && !suggestions.data?.total.count && (
        <Empty title={t.unlinked.empty} icon="check">
          <p className="k">{t.unlinked.emptyHelp}</p>
        </Empty>
      )}
      {entries.length > 0 && (
        <Rows entries={entries} more={list.hasNextPage} busy={list.isFetchingNextPage} choose={choose} />
      )}
      <More list={list} />
      {choosing && (
        <Dialog title={t.unlinked.choose} close={() => choose(null)}>
          <Finder label={t.unlinked.choose} placeholder={t.contacts.placeholder} choose={give(choosing)} />
        </Dialog>
      )}
    </Page>
  );
};

export default UnlinkedPage;
