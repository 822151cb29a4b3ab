import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { pages } from '../api/pages.ts';
import type { AccessLogRow } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { exact } from '../i18n/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { More, Page, Table, Waiting } from '../ui/Page.tsx';
import { Empty, When } from '../ui/parts.tsx';

const a = admin.access;

/** What the log is narrowed to: reads by somebody, reads of somebody. */
interface Narrowing {
  who: string | undefined;
  contact: string | undefined;
}

const hrefOf = ({ who, contact }: Narrowing): string => {
  const search = new URLSearchParams([...(who ? [['who', who]] : []), ...(contact ? [['contact', contact]] : [])]);
  return search.size ? `/access-log?${search}` : '/access-log';
};

const useLog = (narrowing: Narrowing) =>
  useInfiniteQuery({
    ...pages<AccessLogRow>(['access-log', narrowing], '/access-log', { ...narrowing }),
    staleTime: 0,
  });

/** What the log is narrowed to, by name where a row tells it; each is taken back by itself. */
const Narrowed = ({ narrowing, rows }: { narrowing: Narrowing; rows: readonly AccessLogRow[] }) => {
  const { who, contact } = narrowing;
  const reader = rows[0]?.whoName || a.oneReader;
  const whose = rows.flatMap(row => row.whose).find(({ id }) => id === contact)?.name || a.oneContact;
  const chips = [
    ...(who ? [{ words: a.by(reader), without: { contact, who: undefined } }] : []),
    ...(contact ? [{ words: a.of(whose), without: { who, contact: undefined } }] : []),
  ];
  return (
    <div className="row">
      {chips.map(({ words, without }) => (
        <Link key={words} className="chip on" href={hrefOf(without)} aria-label={a.notOnly(words)}>
          {words}
          <Icon name="cross" />
        </Link>
      ))}
    </div>
  );
};

const Row = ({ row, narrowing }: { row: AccessLogRow; narrowing: Narrowing }) => (
  <tr>
    <td title={exact(new Date(row.at))}>
      <When at={row.at} />
    </td>
    <td>
      {narrowing.who ? (
        row.whoName
      ) : (
        <Link className="hit" href={hrefOf({ ...narrowing, who: row.who })} title={a.onlyBy}>
          {row.whoName || row.who}
        </Link>
      )}
    </td>
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
  const narrowing = { who: search.get('who') ?? undefined, contact: search.get('contact') ?? undefined };
  const isNarrowed = Boolean(narrowing.who || narrowing.contact);
  const list = useLog(narrowing);
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page title={a.title} help={a.help}>
      {isNarrowed && <Narrowed narrowing={narrowing} rows={rows} />}
      <Waiting query={list} />
      {list.data && rows.length === 0 && <Empty title={isNarrowed ? a.none : a.empty} icon="eye" />}
      {rows.length > 0 && (
        <Table columns={[{ words: a.when }, { words: a.who }, { words: a.what }, { words: a.contact }]}>
          {rows.map(row => (
            <Row key={row.id} row={row} narrowing={narrowing} />
          ))}
        </Table>
      )}
      <More list={list} />
    </Page>
  );
};

export default AccessLogPage;
