import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { api } from '../api/client.ts';
import type { AccessLogRow, Page as PageOf } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { exact } from '../i18n/format.ts';
import { More, Page, Table, Waiting } from '../ui/Page.tsx';
import { Empty, When } from '../ui/parts.tsx';

const a = admin.access;

const useLog = (contact: string | undefined) =>
  useInfiniteQuery({
    queryKey: ['access-log', contact],
    queryFn: ({ pageParam, signal }) =>
      api<PageOf<AccessLogRow>>('/access-log', { query: { contact, before: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next ?? undefined,
    staleTime: 0,
  });

const Row = ({ row }: { row: AccessLogRow }) => (
  <tr>
    <td title={exact(new Date(row.at))}>
      <When at={row.at} />
    </td>
    <td>{row.whoName}</td>
    <td>{a.actions[row.action] ?? row.action}</td>
    <td>
      {row.whose.map(({ id, name }) => (
        <div key={id}>
          <Link className="hit" href={`/contacts/${encodeURIComponent(id)}`}>
            {name || id}
          </Link>
        </div>
      ))}
      {row.quarantined?.id}
    </td>
  </tr>
);

/** Who saw what of whom; itself only for privacy officers and administrators. */
const AccessLogPage = () => {
  const [search] = useSearchParams();
  const list = useLog(search.get('contact') ?? undefined);
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page title={a.title} help={a.help}>
      <Waiting query={list} />
      {list.data && rows.length === 0 && <Empty title={a.empty} icon="eye" />}
      {rows.length > 0 && (
        <Table columns={[{ words: a.when }, { words: a.who }, { words: a.what }, { words: a.contact }]}>
          {rows.map(row => (
            <Row key={row.id} row={row} />
          ))}
        </Table>
      )}
      <More list={list} />
    </Page>
  );
};

export default AccessLogPage;
