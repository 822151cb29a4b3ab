import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { keys, useUnlinked } from '../api/queries.ts';
import type { Contact, TimelineEntry } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Finder } from '../palette/Finder.tsx';
import { EntryRow } from '../timeline/EntryRow.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { nameOf } from '../ui/names.ts';
import { Empty, Failed, Skeleton } from '../ui/parts.tsx';
import { say } from '../ui/toast.tsx';
import '../timeline/timeline.css';
import './unlinked.css';

const useLink = () => {
  const client = useQueryClient();
  const [, go] = useLocation();
  return useMutation({
    mutationFn: ({ entry, contact }: { entry: TimelineEntry; contact: Contact }) =>
      api(`/timeline/${encodeURIComponent(entry.id)}/contact`, { method: 'PUT', body: { contact: contact.id } }),
    onSuccess: (_, { contact }) => {
      for (const queryKey of [keys.unlinked, ['contacts'], ['timeline', contact.id], ['timeline-counts', contact.id]])
        void client.invalidateQueries({ queryKey });
      say(t.unlinked.linked(nameOf(contact)), {
        label: t.unlinked.open,
        run: () => go(`/contacts/${encodeURIComponent(contact.id)}`),
      });
    },
    onError: error => say(error.message),
  });
};

/** Entries that belong to nobody known: each says why, and can be given to a contact. */
const UnlinkedPage = () => {
  const list = useUnlinked();
  const link = useLink();
  const [choosing, choose] = useState<TimelineEntry | null>(null);
  useEffect(() => {
    document.title = `${t.unlinked.title} · ${t.app}`;
  }, []);
  const entries = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <main className="page">
      <div className="page-in">
        <header className="page-head">
          <div>
            <h1>{t.unlinked.title}</h1>
            <p className="k">{t.unlinked.help}</p>
          </div>
        </header>
        {list.isPending && <Skeleton />}
        {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
        {list.data && entries.length === 0 && (
          <Empty title={t.unlinked.empty} icon="check">
            <p className="k">{t.unlinked.emptyHelp}</p>
          </Empty>
        )}
        {entries.length > 0 && (
          <div role="feed" aria-label={t.unlinked.title} aria-busy={list.isFetchingNextPage}>
            {entries.map((entry, at) => (
              <div key={entry.id} className="unlinked">
                <EntryRow dated entry={entry} position={at + 1} size={list.hasNextPage ? -1 : entries.length}>
                  <div className="unlinked-why">
                    <span>{entry.reason}</span>
                    <button type="button" className="btn small" onClick={() => choose(entry)}>
                      {t.unlinked.link}
                    </button>
                  </div>
                </EntryRow>
              </div>
            ))}
          </div>
        )}
        {list.hasNextPage && (
          <div>
            <button
              type="button"
              className="btn"
              onClick={() => void list.fetchNextPage()}
              disabled={list.isFetchingNextPage}
            >
              {t.state.more}
            </button>
          </div>
        )}
      </div>
      {choosing && (
        <Dialog title={t.unlinked.choose} close={() => choose(null)}>
          <Finder
            label={t.unlinked.choose}
            placeholder={t.contacts.placeholder}
            choose={contact => {
              link.mutate({ entry: choosing, contact });
              choose(null);
            }}
          />
        </Dialog>
      )}
    </main>
  );
};

export default UnlinkedPage;
