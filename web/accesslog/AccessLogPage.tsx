import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useSearchParams } from 'wouter';
import { api } from '../api/client.ts';
import type { AccessLogRow, Page } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { exact } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Empty, Failed, Skeleton, When } from '../ui/parts.tsx';

const a = admin.access;

const Row = ({ row }: { row: AccessLogRow }) => (
  <tr>
    <td title={exact(new Date(row.at))}>
      <When at={row.at} />
    </td>
    <td>{row.whoName}</td>
    <td>{a.actions[row.action] ?? row.action}</td>
    <td>
      {row.contact && (
        <Link className="hit" href={`/contacts/${encodeURIComponent(row.contact)}`}>
          {row.contact}
        </Link>
      )}
    </td>
  </tr>
);

/** Who saw what of whom; itself only for privacy officers and administrators. */
const AccessLogPage = () => {
  const [search] = useSearchParams();
  const contact = search.get('contact') ?? undefined;
  const list = useInfiniteQuery({
    queryKey: ['access-log', contact],
    queryFn: ({ pageParam, signal }) =>
      api<Page<AccessLogRow>>('/access-log', { query: { contact, before: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next ?? undefined,
    staleTime: 0,
  });
  useEffect(() => {
    document.title = `${a.title} · ${t.app}`;
  }, []);
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <main className="page">
      <div className="page-in">
        <header className="page-head">
          <div>
            <h1>{a.title}</h1>
            <p className="k">{a.help}</p>
          </div>
        </header>
        {list.isPending && <Skeleton />}
        {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
        {list.data && rows.length === 0 && <Empty title={a.empty} icon="eye" />}
        {rows.length > 0 && (
          <div className="table-wrap">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{a.when}</th>
                  <th scope="col">{a.who}</th>
                  <th scope="col">{a.what}</th>
                  <th scope="col">{a.contact}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(row => (
                  <Row key={row.id} row={row} />
                ))}
              </tbody>
            </table>
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
    </main>
  );
};

export default AccessLogPage;
