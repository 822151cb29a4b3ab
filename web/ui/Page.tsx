import { type ReactNode, useEffect } from 'react';
import { Link } from 'wouter';
import { t } from '../i18n/index.ts';
import { Failed, Skeleton } from './parts.tsx';

/** Names the window after the page. */
export const useTitle = (title: string): void =>
  useEffect(() => {
    if (title) document.title = `${title} · ${t.app}`;
  }, [title]);

/** A page that is not the contacts: its heading, what it is for, what can be done, and one column that scrolls. */
export const Page = ({
  title,
  help,
  back,
  actions,
  children,
}: {
  title: string;
  help?: ReactNode;
  back?: { href: string; words: string };
  actions?: ReactNode;
  children: ReactNode;
}) => {
  useTitle(title);
  return (
    <main className="page">
      <div className="page-in">
        <header className="page-head">
          <div>
            {back && (
              <Link href={back.href} className="hit k">
                ← {back.words}
              </Link>
            )}
            <h1>{title}</h1>
            {help && <div className="k">{help}</div>}
          </div>
          {actions && <div className="row">{actions}</div>}
        </header>
        {children}
      </div>
    </main>
  );
};

interface Query {
  isPending: boolean;
  error: unknown;
  data: unknown;
  refetch: () => unknown;
}

/** What stands in a list's place until it is there: grey lines, or why it isn't and a way on. */
export const Waiting = ({ query, rows = 6 }: { query: Query; rows?: number }) => {
  if (query.data !== undefined) return null;
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return query.isPending ? <Skeleton rows={rows} /> : null;
};

/** The button below a list that has a next page. */
export const More = ({
  list,
}: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) =>
  list.hasNextPage && (
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
  );

export interface Column {
  words: string;
  /** figures: to the right */
  num?: boolean;
  /** for screen readers only */
  quiet?: boolean;
}

/** A table that scrolls sideways by itself where it is too wide. */
export const Table = ({ columns, caption, children }: { columns: Column[]; caption?: string; children: ReactNode }) => (
  <div className="table-wrap">
    <table className="table">
      {caption && <caption className="sr-only">{caption}</caption>}
      <thead>
        <tr>
          {columns.map(({ words, num, quiet }) => (
            <th key={words} scope="col" className={num ? 'num' : undefined}>
              {quiet ? <span className="sr-only">{words}</span> : words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

/** Why an action failed, in words. */
export const Fault = ({ error }: { error: Error | null | undefined | string }) =>
  error ? (
    <p className="bad" role="alert">
      {typeof error === 'string' ? error : error.message}
    </p>
  ) : null;
