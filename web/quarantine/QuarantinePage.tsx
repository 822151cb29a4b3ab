import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import { api } from '../api/client.ts';
import { useAccounts } from '../api/queries.ts';
import type { Page, QuarantineItem } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { bytes } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Failed, Skeleton, Tag, When } from '../ui/parts.tsx';
import { say } from '../ui/toast.tsx';

const a = admin.quarantine;
const path = (id: string) => `/quarantine/${encodeURIComponent(id)}`;

const useList = (account: string | undefined, state: string | undefined) =>
  useInfiniteQuery({
    queryKey: ['quarantine', account, state],
    queryFn: ({ pageParam, signal }) =>
      api<Page<QuarantineItem>>('/quarantine', { query: { account, state, before: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next ?? undefined,
  });

const Row = ({ item, account }: { item: QuarantineItem; account: string }) => {
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => api<QuarantineItem | undefined>(`${path(item.id)}/replay`, { method: 'POST' }),
    onSuccess: answer => {
      void client.invalidateQueries({ queryKey: ['quarantine'] });
      say(answer && answer.state === 'open' ? a.still : a.replayed);
    },
  });
  return (
    <tr>
      <td>
        {item.reason}
        <div className="k">{[item.folder, item.locator].filter(Boolean).join(' · ')}</div>
        {replay.error && (
          <p className="bad" role="alert">
            {replay.error.message}
          </p>
        )}
      </td>
      <td>{account}</td>
      <td>
        <When at={item.at} />
      </td>
      <td className="num">{item.hasBytes ? bytes(item.size) : a.noBytes}</td>
      <td>
        {item.state === 'captured' ? (
          <Tag tone="good">{a.state.captured}</Tag>
        ) : (
          <span className="row">
            <button type="button" className="btn small" onClick={() => replay.mutate()} disabled={replay.isPending}>
              {a.replay}
            </button>
            {item.hasBytes && (
              <a className="btn small" href={`/api/v1${path(item.id)}/raw`} download>
                <Icon name="download" />
                {a.raw}
              </a>
            )}
          </span>
        )}
      </td>
    </tr>
  );
};

/** What could not be fetched or read: why, its bytes, and another try. */
const QuarantinePage = () => {
  const [search, setSearch] = useSearchParams();
  const account = search.get('account') ?? undefined;
  const state = search.get('all') ? undefined : 'open';
  const list = useList(account, state);
  const accounts = useAccounts(true);
  useEffect(() => {
    document.title = `${a.title} · ${t.app}`;
  }, []);
  const items = list.data?.pages.flatMap(page => page.items) ?? [];
  const nameOf = (id: string) => accounts.data?.items.find(other => other.id === id)?.name ?? id;
  const show = (all: boolean) =>
    setSearch(before => {
      const next = new URLSearchParams(before);
      if (all) next.set('all', '1');
      else next.delete('all');
      return next;
    });
  return (
    <main className="page">
      <div className="page-in">
        <header className="page-head">
          <div>
            <h1>{a.title}</h1>
            <p className="k">{a.help}</p>
          </div>
          <div className="row">
            <button type="button" className="chip" aria-pressed={state === 'open'} onClick={() => show(false)}>
              {a.openOnly}
            </button>
            <button type="button" className="chip" aria-pressed={state !== 'open'} onClick={() => show(true)}>
              {a.all}
            </button>
          </div>
        </header>
        {list.isPending && <Skeleton />}
        {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
        {list.data && items.length === 0 && (
          <Empty title={a.empty} icon="check">
            <p className="k">{a.emptyHelp}</p>
          </Empty>
        )}
        {items.length > 0 && (
          <div className="table-wrap">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{a.reason}</th>
                  <th scope="col">{a.account}</th>
                  <th scope="col">{a.at}</th>
                  <th scope="col" className="num">
                    {a.size}
                  </th>
                  <th scope="col">
                    <span className="sr-only">{a.replay}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map(item => (
                  <Row key={item.id} item={item} account={nameOf(item.account)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {list.hasNextPage && (
          <div>
            <button type="button" className="btn" onClick={() => void list.fetchNextPage()}>
              {t.state.more}
            </button>
          </div>
        )}
      </div>
    </main>
  );
};

export default QuarantinePage;
