import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { type FocusEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { onCatchUp, onSuggestions } from '../api/live.ts';
import { pages } from '../api/pages.ts';
import { keys } from '../api/queries.ts';
import type { Page, Suggestion } from '../api/types.ts';
import { relative } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { More } from '../ui/Page.tsx';
import { Failed } from '../ui/parts.tsx';
import { say } from '../ui/toast.tsx';
import { Join, Side } from './Join.tsx';

type Loaded = InfiniteData<Page<Suggestion>, string | undefined>;

const useSuggestions = () => useInfiniteQuery(pages<Suggestion>(keys.suggestions, '/suggestions', { limit: 50 }));

const outcomes = { join: 'joined', dismiss: 'dismissed' } as const;
type What = keyof typeof outcomes;

const wordsOf = (state: Suggestion['state']): string =>
  state === 'joined' ? t.suggestions.joined : t.suggestions.dismissed;

/** Decides one, and says in its place what became of it: the list itself is not asked for again while somebody works in it. */
const useDecide = ({ id }: Suggestion, decided: () => void) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: What) => api<Suggestion>(`/suggestions/${encodeURIComponent(id)}/${what}`, { method: 'POST' }),
    // another may have decided before: then that stands, whatever was asked for here
    onSuccess: (now, what) => {
      client.setQueryData<Loaded>(
        keys.suggestions,
        list =>
          list && {
            ...list,
            pages: list.pages.map(page => ({ ...page, items: page.items.map(one => (one.id === id ? now : one)) })),
          },
      );
      for (const queryKey of [keys.suggestionCounts, ['contacts'], ['contact'], ['timeline'], ['timeline-counts']])
        void client.invalidateQueries({ queryKey });
      say(now.state === outcomes[what] ? wordsOf(now.state) : `${t.suggestions.decided} ${wordsOf(now.state)}`);
    },
    onError: error => say(error.message),
    onSettled: decided,
  });
};

/** The focus goes on to the next one that is open when the button that had it is gone. */
const useNextFocus = (gone: boolean) => {
  const row = useRef<HTMLLIElement>(null);
  const was = useRef(gone);
  useEffect(() => {
    if (was.current === gone) return;
    was.current = gone;
    if (document.activeElement !== document.body) return;
    const open = [...(row.current?.parentElement?.querySelectorAll<HTMLElement>('button') ?? [])];
    const below = open.find(
      button => row.current && row.current.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    (below ?? open.at(-1) ?? row.current)?.focus();
  }, [gone]);
  return row;
};

const Row = ({ suggestion, decided }: { suggestion: Suggestion; decided: () => void }) => {
  const { identifiers, reason, at, state } = suggestion;
  const decide = useDecide(suggestion, decided);
  const [asking, ask] = useState(false);
  const row = useNextFocus(state !== 'open');
  const mutate = (what: What) => {
    if (!decide.isPending) decide.mutate(what, { onSettled: () => ask(false) });
  };
  const join = () => (identifiers.some(({ contact }) => contact) ? ask(true) : mutate('join'));
  return (
    <li ref={row} className="suggestion" tabIndex={-1}>
      <div className="suggestion-pair">
        {identifiers.map(one => (
          <Side key={`${one.type} ${one.value}`} {...one} />
        ))}
      </div>
      <p className="k">
        {reason} {relative(new Date(at))}
      </p>
      {state === 'open' ? (
        <div className="row">
          <button type="button" className="btn small" onClick={join}>
            {t.suggestions.join}
          </button>
          <button type="button" className="btn small" onClick={() => mutate('dismiss')}>
            {t.suggestions.dismiss}
          </button>
        </div>
      ) : (
        <p className="suggestion-done">{wordsOf(state)}</p>
      )}
      {asking && (
        <Join identifiers={identifiers} busy={decide.isPending} join={() => mutate('join')} close={() => ask(false)} />
      )}
    </li>
  );
};

/** What came, and what was decided here or by others, waits until nobody is at the list any more: nothing moves under a pointer. */
const useTidy = () => {
  const client = useQueryClient();
  const list = useRef<HTMLUListElement>(null);
  const stale = useRef(false);
  const tidy = useRef(() => {
    if (stale.current) void client.invalidateQueries({ queryKey: keys.suggestions });
    stale.current = false;
  }).current;
  useEffect(() => tidy, [tidy]);
  useEffect(() => {
    const changed = () => {
      const held = stale.current || client.isMutating() > 0 || list.current?.matches(':hover, :focus-within');
      stale.current = true;
      if (!held) tidy();
    };
    const offs = [onSuggestions(changed), onCatchUp(changed)];
    return () => {
      for (const off of offs) off();
    };
  }, [client, tidy]);
  return {
    list,
    decided: () => {
      stale.current = true;
    },
    left: ({ pointerType }: PointerEvent) => pointerType === 'mouse' && tidy(), // a finger leaves with every tap
    blurred: ({ relatedTarget, currentTarget }: FocusEvent) => {
      if (relatedTarget && !currentTarget.contains(relatedTarget) && !currentTarget.matches(':hover')) tidy();
    },
  };
};

/** Addresses and numbers that a source says are one person's, where nobody has proven it or the register has two contacts. */
export const Suggestions = () => {
  const list = useSuggestions();
  const { list: place, decided, left, blurred } = useTidy();
  const all = list.data?.pages.flatMap(({ items }) => items) ?? [];
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (all.length === 0) return null;
  return (
    <section className="suggestions" aria-labelledby="suggestions-title">
      <h2 id="suggestions-title">{t.suggestions.title}</h2>
      <p className="k">{t.suggestions.help}</p>
      <ul ref={place} onPointerLeave={left} onBlur={blurred}>
        {all.map(suggestion => (
          <Row key={suggestion.id} suggestion={suggestion} decided={decided} />
        ))}
      </ul>
      <More list={list} />
    </section>
  );
};
