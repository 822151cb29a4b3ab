import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { send } from '../api/client.ts';
import type { Interaction } from '../api/types.ts';
import { bytes, exact } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Failed, Skeleton } from '../ui/parts.tsx';

const most = 262_144;

/** API path of an interaction's original. */
export const rawPath = (id: string) => `/interactions/${encodeURIComponent(id)}/raw`;

/** The original as text: its first 256 KiB. */
export const Original = ({ interaction }: { interaction: Interaction }) => {
  const { id, original } = interaction;
  const raw = useQuery({
    queryKey: ['raw', id],
    enabled: original !== null,
    queryFn: async ({ signal }) => {
      const response = await send(rawPath(id), { signal, headers: { range: `bytes=0-${most - 1}`, accept: '*/*' } });
      return new TextDecoder('utf-8').decode((await response.arrayBuffer()).slice(0, most));
    },
    gcTime: 60_000,
  });
  if (!original) return <p className="k panel">{t.message.noOriginal}</p>;
  if (raw.isError) return <Failed error={raw.error} retry={() => void raw.refetch()} />;
  if (!raw.data) return <Skeleton rows={4} />;
  return (
    <div className="panel">
      {original.size > most && <p className="k">{t.message.originalPart(bytes(most), bytes(original.size))}</p>}
      <pre>{raw.data}</pre>
    </div>
  );
};

/** The header fields of an interaction, undecoded. */
export const Headers = ({ interaction }: { interaction: Interaction }) => (
  <div className="panel">
    <pre>{interaction.headers ?? t.message.noOriginal}</pre>
  </div>
);

const Participants = ({ interaction }: { interaction: Interaction }) =>
  interaction.participants.map(({ role, name, identifier, contact }) => (
    <div key={`${role} ${identifier.type} ${identifier.value}`} className="facts-row">
      <dt>{t.message.roles[role] ?? role}</dt>
      <dd>
        {contact ? (
          <Link className="hit" href={`/contacts/${encodeURIComponent(contact)}`}>
            {name ?? identifier.value}
          </Link>
        ) : (
          name
        )}
        {name || !contact ? <span className="k"> {identifier.value}</span> : null}
      </dd>
    </div>
  ));

const Fact = ({ words, children }: { words: string; children: ReactNode }) => (
  <div className="facts-row">
    <dt>{words}</dt>
    <dd>{children}</dd>
  </div>
);

const Sightings = ({ sightings }: Pick<Interaction, 'sightings'>) =>
  sightings.map(({ account, folder, uid, stale }) => (
    <div key={`${account} ${folder} ${uid}`}>
      {folder} <span className="k num">#{uid}</span> {stale && <span className="k">({t.message.stale})</span>}
    </div>
  ));

const Revisions = ({ id, revisions }: Pick<Interaction, 'id' | 'revisions'>) =>
  revisions.map(({ at, sha256 }) => (
    <div key={sha256}>
      <a className="hit" href={`/api/v1${rawPath(id)}?sha256=${sha256}`} download>
        {exact(new Date(at))}
      </a>
    </div>
  ));

/** All states that were reported, in the order in which they came. */
const States = ({ status }: { status: NonNullable<Interaction['status']> }) =>
  status.history.map(({ state, at, error }) => (
    <div key={`${state} ${at} ${error}`}>
      {t.status.words[state] ?? state} <span className="k num">{exact(new Date(at))}</span>
      {error && <span className="bad"> {error}</span>}
    </div>
  ));

/** Participants, times, places at the source, and the original's hash. */
export const Details = ({ interaction }: { interaction: Interaction }) => {
  const { id, sentAt, capturedAt, status, sightings, original, revisions } = interaction;
  return (
    <dl className="panel facts">
      <Participants interaction={interaction} />
      {sentAt && <Fact words={t.message.sent}>{exact(new Date(sentAt))}</Fact>}
      <Fact words={t.message.captured}>{exact(new Date(capturedAt))}</Fact>
      {status && (
        <Fact words={t.status.title}>
          <States status={status} />
        </Fact>
      )}
      {sightings.length > 0 && (
        <Fact words={t.message.sightings}>
          <Sightings sightings={sightings} />
        </Fact>
      )}
      {original && <Fact words={t.message.size}>{bytes(original.size)}</Fact>}
      {original && (
        <Fact words={t.message.hash}>
          <code>{original.sha256}</code>
        </Fact>
      )}
      {revisions.length > 0 && (
        <Fact words={t.message.revisions(revisions.length)}>
          <Revisions id={id} revisions={revisions} />
        </Fact>
      )}
    </dl>
  );
};
