import { useRef } from 'react';
import { Link } from 'wouter';
import type { Account, Connector, FolderHealth } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { count, duration } from '../i18n/format.ts';
import { Table } from '../ui/Page.tsx';
import { Tag, When } from '../ui/parts.tsx';
import { isForFiles } from './schema.ts';

const a = admin.connections;

/** Running and level, behind, paused, or stopped with a reason. */
export const StateTag = ({ account, connector }: { account: Account; connector: Connector | undefined }) => {
  if (account.state === 'paused' && connector && isForFiles(account, connector)) return <Tag>{a.forFiles}</Tag>;
  const tone =
    account.state === 'parked' ? 'bad' : account.state === 'paused' ? 'warn' : account.lastError ? 'warn' : 'good';
  return <Tag tone={tone}>{a.states[account.state] ?? account.state}</Tag>;
};

export const lagWords = (account: Account, connector: Connector | undefined): string => {
  if (!connector?.capabilities.pull || isForFiles(account, connector)) return '';
  const { lagSeconds } = account;
  return lagSeconds === null ? a.noLag : lagSeconds < 5 ? a.level : a.lag(duration(lagSeconds));
};

const Folder = ({ folder }: { folder: FolderHealth }) => (
  <tr>
    <th scope="row">{folder.name}</th>
    <td className="num">{folder.held === null ? '—' : count(folder.held)}</td>
    <td className="num">{count(folder.stored)}</td>
    <td className="num">{count(folder.duplicate)}</td>
    <td className={folder.quarantined ? 'num warn' : 'num'}>{count(folder.quarantined)}</td>
    <td className={folder.missing ? 'num bad' : 'num'}>{folder.missing === null ? '—' : count(folder.missing)}</td>
    <td>{folder.comparedAt ? <When at={folder.comparedAt} /> : a.never}</td>
  </tr>
);

const columns = [
  { words: a.folder },
  { words: a.held, num: true },
  { words: a.stored, num: true },
  { words: a.duplicate, num: true },
  { words: a.quarantined, num: true },
  { words: a.missing, num: true },
  { words: a.compared },
];

const hasAnything = ({ counts: { stored, duplicate, quarantined } }: Account): boolean =>
  stored + duplicate + quarantined > 0;

/** Per folder: how many the source holds, how many are stored, and when that was last compared. */
export const Folders = ({ account }: { account: Account }) =>
  account.folders.length === 0 ? (
    <p className="k">{hasAnything(account) ? a.pushed : a.noFolders}</p>
  ) : (
    <Table columns={columns} caption={a.folders}>
      {account.folders.map(folder => (
        <Folder key={folder.name} folder={folder} />
      ))}
    </Table>
  );

export const Counts = ({ account }: { account: Account }) => (
  <dl className="counts">
    <div>
      <dt>{a.stored}</dt>
      <dd className="num">{count(account.counts.stored)}</dd>
    </div>
    <div>
      <dt>{a.duplicate}</dt>
      <dd className="num">{count(account.counts.duplicate)}</dd>
    </div>
    <div>
      <dt>{a.quarantined}</dt>
      <dd className="num">
        {account.counts.quarantined > 0 ? (
          <Link className="hit" href={`/quarantine?account=${encodeURIComponent(account.id)}`}>
            {count(account.counts.quarantined)}
          </Link>
        ) : (
          0
        )}
      </dd>
    </div>
  </dl>
);

/** How far the first sync is, and how long it will still take at the pace since this page was opened. */
export const Progress = ({ account }: { account: Account }) => {
  const held = account.folders.reduce((sum, folder) => sum + (folder.held ?? 0), 0);
  const done = account.folders.reduce((sum, folder) => sum + folder.stored + folder.quarantined, 0);
  const start = useRef({ done, at: Date.now() });
  if (account.state !== 'running' || held === 0 || done >= held) return null;
  const pace = (done - start.current.done) / ((Date.now() - start.current.at) / 1000);
  const left = pace > 0 ? ` · ${duration((held - done) / pace)}` : '';
  return (
    <div className="stack tight">
      <progress className="bar" max={held} value={done} aria-label={a.firstSync} />
      <p className="k num">
        {a.firstSync}: {count(done)} / {count(held)}
        {left}
      </p>
    </div>
  );
};
