import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { send } from '../api/client.ts';
import type { Interaction } from '../api/types.ts';
import { bytes, exact } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Failed, Skeleton } from '../ui/parts.tsx';

const most = 262_144;

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

/** Who took part, when, where the source holds it, and the fingerprint of the original. */
export const Details = ({ interaction }: { interaction: Interaction }) => {
  const { sentAt, capturedAt, sightings, original, revisions } = interaction;
  return (
    <dl className="panel facts">
      <Participants interaction={interaction} />
      {sentAt && (
        <div className="facts-row">
          <dt>{t.message.sent}</dt>
          <dd>{exact(new Date(sentAt))}</dd>
        </div>
      )}
      <div className="facts-row">
        <dt>{t.message.captured}</dt>
        <dd>{exact(new Date(capturedAt))}</dd>
      </div>
      {sightings.length > 0 && (
        <div className="facts-row">
          <dt>{t.message.sightings}</dt>
          <dd>
            {sightings.map(({ account, folder, uid, stale }) => (
              <div key={`${account} ${folder} ${uid}`}>
                {folder} <span className="k num">#{uid}</span> {stale && <span className="k">({t.message.stale})</span>}
              </div>
            ))}
          </dd>
        </div>
      )}
      {original && (
        <>
          <div className="facts-row">
            <dt>{t.message.size}</dt>
            <dd>{bytes(original.size)}</dd>
          </div>
          <div className="facts-row">
            <dt>{t.message.hash}</dt>
            <dd>
              <code>{original.sha256}</code>
            </dd>
          </div>
        </>
      )}
      {revisions.length > 0 && (
        <div className="facts-row">
          <dt>{t.message.revisions(revisions.length)}</dt>
          <dd>
            {revisions.map(({ at, sha256 }) => (
              <div key={sha256}>
                <a href={`/api/v1${rawPath(interaction.id)}?sha256=${sha256}`} download>
                  {exact(new Date(at))}
                </a>
              </div>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
};
