import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { Page, Suggestion } from '../api/types.ts';
import { relative } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { identifierWord } from '../ui/names.ts';
import { More } from '../ui/Page.tsx';
import { Failed } from '../ui/parts.tsx';
import { say } from '../ui/toast.tsx';

const KEY = ['suggestions'];

const useSuggestions = () =>
  useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam, signal }) =>
      api<Page<Suggestion>>('/suggestions', { query: { limit: 50, before: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next ?? undefined,
  });

const outcomes = { join: 'joined', dismiss: 'dismissed' } as const;

const useDecide = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, what }: { id: string; what: 'join' | 'dismiss' }) =>
      api<Suggestion>(`/suggestions/${encodeURIComponent(id)}/${what}`, { method: 'POST' }),
    // another may have decided before: then that stands, whatever was asked for here
    onSuccess: ({ state }, { what }) => {
      for (const queryKey of [['contacts'], ['contact'], ['timeline'], ['timeline-counts']])
        void client.invalidateQueries({ queryKey });
      const words = state === 'joined' ? t.suggestions.joined : t.suggestions.dismissed;
      say(state === outcomes[what] ? words : `${t.suggestions.decided} ${words}`);
    },
    onError: error => say(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
};

const Side = ({ type, value, contact }: Suggestion['identifiers'][number]) => {
  const name = contact && [contact.name.first, contact.name.last].filter(Boolean).join(' ');
  return (
    <div className="suggestion-side">
      <strong>{value}</strong>
      <span className="k">
        {identifierWord(type)}
        {' · '}
        {contact ? (
          <Link className="hit" href={`/contacts/${encodeURIComponent(contact.id)}`}>
            {name || (contact.provisional ? t.contact.provisional : value)}
          </Link>
        ) : (
          t.suggestions.nobody
        )}
      </span>
    </div>
  );
};

const Row = ({
  suggestion,
  busy,
  decide,
}: {
  suggestion: Suggestion;
  busy: boolean;
  decide: (what: 'join' | 'dismiss') => void;
}) => (
  <li className="suggestion">
    <div className="suggestion-pair">
      {suggestion.identifiers.map(one => (
        <Side key={`${one.type} ${one.value}`} {...one} />
      ))}
    </div>
    <p className="k">
      {suggestion.reason} {relative(new Date(suggestion.at))}
    </p>
    <div className="row">
      <button type="button" className="btn small" disabled={busy} onClick={() => decide('join')}>
        {t.suggestions.join}
      </button>
      <button type="button" className="btn small" disabled={busy} onClick={() => decide('dismiss')}>
        {t.suggestions.dismiss}
      </button>
    </div>
  </li>
);

/** Addresses and numbers that a source says are one person's, where nobody has proven it or the register has two contacts. */
export const Suggestions = () => {
  const list = useSuggestions();
  const decide = useDecide();
  const all = list.data?.pages.flatMap(({ items }) => items) ?? [];
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (all.length === 0) return null;
  return (
    <section className="suggestions" aria-labelledby="suggestions-title">
      <h2 id="suggestions-title">{t.suggestions.title}</h2>
      <p className="k">{t.suggestions.help}</p>
      <ul>
        {all.map(suggestion => (
          <Row
            key={suggestion.id}
            suggestion={suggestion}
            busy={decide.isPending}
            decide={what => decide.mutate({ id: suggestion.id, what })}
          />
        ))}
      </ul>
      <More list={list} />
    </section>
  );
};
