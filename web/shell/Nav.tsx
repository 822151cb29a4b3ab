import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { onCatchUp, onEntry, onGone, onSuggestions } from '../api/live.ts';
import { keys, useAccounts, useSuggestionCounts, useUnlinkedCounts } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { countWords, sum } from '../timeline/Filters.tsx';
import { Icon } from '../ui/Icon.tsx';
import { initialOf } from '../ui/names.ts';
import { AccountDialog } from './AccountDialog.tsx';
import { type Destination, destinationsOf } from './access.ts';

/** What comes in at once is asked about once. */
const GATHER_MS = 1000;

/** How many entries and suggestions wait to be sorted out, and how many connections have a fault. */
const useMarks = (session: Session): Partial<Record<Destination['id'], string>> => {
  const client = useQueryClient();
  const unlinked = useUnlinkedCounts();
  const suggestions = useSuggestionCounts();
  const accounts = useAccounts(session.user.role === 'administrator');
  useEffect(() => {
    const again = (queryKey: readonly string[]) => void client.invalidateQueries({ queryKey });
    let due: ReturnType<typeof setTimeout> | undefined;
    const suggestionsSoon = () => {
      due ??= setTimeout(() => {
        due = undefined;
        again(keys.suggestionCounts);
      }, GATHER_MS);
    };
    const offs = [
      () => clearTimeout(due),
      onEntry(({ contact }) => contact === null && again(keys.unlinked)),
      onSuggestions(suggestionsSoon),
      // it may have been one of them
      onGone(() => again(keys.unlinkedCounts)),
      onCatchUp(() => {
        again(keys.unlinked);
        again(keys.suggestionCounts);
      }),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [client]);
  const waiting = sum([unlinked.data?.total, suggestions.data?.total].filter(total => total !== undefined));
  const faults = accounts.data?.items.filter(({ state, lastError }) => state === 'parked' || lastError).length ?? 0;
  return {
    ...(waiting.count ? { unlinked: countWords(waiting) } : {}),
    ...(faults ? { connections: String(faults) } : {}),
  };
};

const Item = ({ to, mark }: { to: Destination; mark: string | undefined }) => {
  const [path] = useLocation();
  const here = path === to.path || path.startsWith(`${to.path}/`) || (path === '/' && to.id === 'contacts');
  const fault = to.id === 'connections' && mark;
  return (
    <Link href={to.path} aria-current={here ? 'page' : undefined} title={t.nav[to.id]}>
      <Icon name={to.icon} />
      <span className="nav-word">{t.nav[to.id]}</span>
      {mark && (
        <span
          className={fault ? 'nav-mark num warn' : 'nav-mark num'}
          title={fault ? t.nav.faults(Number(mark)) : undefined}
        >
          {mark}
        </span>
      )}
    </Link>
  );
};

const initials = (name: string) =>
  name
    .split(/[\s@.]+/)
    .slice(0, 2)
    .map(initialOf)
    .join('');

export const Nav = ({ session, narrow, toggle }: { session: Session; narrow: boolean; toggle: () => void }) => {
  const marks = useMarks(session);
  const [open, setOpen] = useState(false);
  const all = destinationsOf(session.user.role);
  const who = session.user.name || session.user.email || '';
  return (
    <nav className="nav" aria-label={t.nav.label} id="nav">
      <div className="nav-brand">
        <Icon name="lock" size={20} />
        <span className="nav-word">{t.app}</span>
        <button
          type="button"
          className="btn quiet icon nav-toggle"
          onClick={toggle}
          aria-label={narrow ? t.nav.expand : t.nav.collapse}
          title={narrow ? t.nav.expand : t.nav.collapse}
        >
          <Icon name="left" />
        </button>
      </div>
      {all
        .filter(({ low }) => !low)
        .map(to => (
          <Item key={to.id} to={to} mark={marks[to.id]} />
        ))}
      <div className="nav-space" />
      {all
        .filter(({ low }) => low)
        .map(to => (
          <Item key={to.id} to={to} mark={marks[to.id]} />
        ))}
      <button
        type="button"
        className="nav-user"
        onClick={() => setOpen(true)}
        title={t.nav.menu}
        aria-haspopup="dialog"
      >
        <span className="avatar" aria-hidden="true">
          {initials(who)}
        </span>
        <span className="nav-word ellipsis">{who}</span>
        <span className="sr-only">{t.nav.menu}</span>
      </button>
      {open && <AccountDialog session={session} close={() => setOpen(false)} />}
    </nav>
  );
};
