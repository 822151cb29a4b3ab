import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { api } from '../api/client.ts';
import { pages } from '../api/pages.ts';
import { useAccounts } from '../api/queries.ts';
import type { QuarantineItem } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { bytes } from '../i18n/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Fault, More, Page, Table, Waiting } from '../ui/Page.tsx';
import { Empty, Tag, When } from '../ui/parts.tsx';
import { say } from '../ui/toast.tsx';

const a = admin.quarantine;
const path = (id: string) => `/quarantine/${encodeURIComponent(id)}`;

const useList = (account: string | undefined, state: string | undefined) =>
  useInfiniteQuery(pages<QuarantineItem>(['quarantine', account, state], '/quarantine', { account, state }));

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
        <div className="k locator">{[item.folder, item.locator].filter(Boolean).join(' · ')}</div>
        <Fault error={replay.error} />
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

const columns = [
  { words: a.reason },
  { words: a.account },
  { words: a.at },
  { words: a.size, num: true },
  { words: a.replay, quiet: true },
];

const useFilter = () => {
  const [search, setSearch] = useSearchParams();
  const showAll = (all: boolean) =>
    setSearch(before => {
      const next = new URLSearchParams(before);
      if (all) next.set('all', '1');
      else next.delete('all');
      return next;
    });
  return { account: search.get('account') ?? undefined, all: search.has('all'), showAll };
};

/** What could not be fetched or read: why, its bytes, and another try. */
const QuarantinePage = () => {
  const { account, all, showAll } = useFilter();
  const list = useList(account, all ? undefined : 'open');
  const accounts = useAccounts(true);
  const items = list.data?.pages.flatMap(page => page.items) ?? [];
  const nameOf = (id: string) => accounts.data?.items.find(other => other.id === id)?.name ?? id;
  const choice = (words: string, value: boolean) => (
    <button type="button" className="chip" aria-pressed={all === value} onClick={() => showAll(value)}>
      {words}
    </button>
  );
  const choices = (
    <>
      {choice(a.openOnly, false)}
      {choice(a.all, true)}
    </>
  );
  return (
    <Page title={a.title} help={a.help} actions={choices}>
      <Waiting query={list} />
      {list.data && items.length === 0 && (
        <Empty title={a.empty} icon="check">
          <p className="k">{a.emptyHelp}</p>
        </Empty>
      )}
      {items.length > 0 && (
        <Table columns={columns}>
          {items.map(item => (
            <Row key={item.id} item={item} account={nameOf(item.account)} />
          ))}
        </Table>
      )}
      <More list={list} />
    </Page>
  );
};

export default QuarantinePage;
