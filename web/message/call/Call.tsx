import type { Interaction } from '../../api/types.ts';
import { playtime } from '../../i18n/format.ts';
import { t } from '../../i18n/index.ts';
import { type CallFacts, callOf, type Leg, recordingsOf } from './details.ts';
import { Player } from './Player.tsx';
import { resultOf } from './result.ts';
import './call.css';

const LegRow = ({ leg, position, direction }: { leg: Leg; position: number; direction: string }) => {
  const talk = leg.talkSeconds ?? leg.durationSeconds;
  return (
    <li>
      <span className="k">{t.call.leg(position)}</span>
      <span>
        {leg.from ?? t.timeline.anonymous} → {leg.to ?? '—'}
      </span>
      <span className="k">
        {resultOf(leg, direction)}
        {talk !== undefined && leg.answered && <span className="num">, {playtime(talk)}</span>}
      </span>
    </li>
  );
};

const Facts = ({ call, direction }: { call: CallFacts; direction: string }) => (
  <dl className="call-facts">
    <div>
      <dt>{t.call.what}</dt>
      <dd>{resultOf(call, direction)}</dd>
    </div>
    {call.talkSeconds !== null && call.answered && (
      <div>
        <dt>{t.call.talk}</dt>
        <dd className="num">{playtime(call.talkSeconds)}</dd>
      </div>
    )}
    {call.durationSeconds !== null && (
      <div>
        <dt>{t.call.duration}</dt>
        <dd className="num">{playtime(call.durationSeconds)}</dd>
      </div>
    )}
  </dl>
);

/** The result of a call, and its legs when there are several. */
export const Call = ({ interaction }: { interaction: Interaction }) => {
  const call = callOf(interaction);
  if (!call) return null;
  return (
    <div className="call">
      <Facts call={call} direction={interaction.direction} />
      {call.legs.length > 1 && (
        <ol className="legs" aria-label={t.call.legs(call.legs.length)}>
          {call.legs.map((leg, at) => (
            <LegRow
              // biome-ignore lint/suspicious/noArrayIndexKey: legs are only added at the end
              key={at}
              leg={leg}
              position={at + 1}
              direction={interaction.direction}
            />
          ))}
        </ol>
      )}
    </div>
  );
};

/** The recordings of an interaction. */
export const Recordings = ({ interaction }: { interaction: Interaction }) =>
  recordingsOf(interaction).map((recording, at) => {
    const part = interaction.parts.find(({ n }) => n === recording.part);
    return part ? (
      <Player key={part.n} interaction={interaction.id} recording={recording} part={part} position={at + 1} />
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: it has nothing else, and nothing in it
      <p key={`missing ${at}`} className="k">
        {t.player.missing}
      </p>
    );
  });
