import { type CallDetails, callSummary, emptyCall, type Leg, withLeg, withRecording } from '../common/call.ts';
import { present } from '../common/present.ts';
import type { Captured, Folded, FoldedItem, Part, Raw } from '../contract.ts';
import { type Numbers, partiesOf } from './parties.ts';
import type { Cdr } from './types.ts';

const CHANNEL = 'call';
/** Logs are written once calls are over. */
const LOGGED = 'Call';

/** What names a leg and its call. */
export interface Keys {
  /** source key of the leg */
  leg: string;
  /** source key of the call */
  call: string;
}

/** A leg has its switch's unique id; without one, the hash of its record and how often that came in the file (`anonymous`). */
export const keysOf = ({ id, leg, call }: Cdr, anonymous: () => string): Keys => {
  const own = id === undefined ? anonymous() : [id, leg].filter(part => part !== undefined).join('/');
  const joined = call ?? id;
  return { leg: `leg/${own}`, call: joined === undefined ? `call/line/${own}` : `call/${joined}` };
};

interface Told {
  leg?: Leg;
  recording?: { externalId: string; sha256?: string; durationSeconds?: number; channels?: number };
}

const iso = (date: Date | undefined): string | undefined => date?.toISOString();

const shownLeg = (cdr: Cdr, key: string, { direction, participants }: ReturnType<typeof partiesOf>): Leg => {
  const side = (wanted: string) => participants.find(({ role }) => role === wanted)?.identifier.value;
  return present({
    externalId: cdr.id ?? key,
    leg: cdr.leg,
    direction,
    from: side('from'),
    to: side('to'),
    state: cdr.state,
    startedAt: iso(cdr.startedAt),
    answeredAt: iso(cdr.answeredAt),
    endedAt: iso(cdr.endedAt),
    durationSeconds: cdr.durationSeconds,
    // what a queue that nobody answered counts is its music
    talkSeconds: cdr.answered === false && cdr.talkSeconds !== undefined ? 0 : cdr.talkSeconds,
    answered: cdr.answered,
  }) as Leg;
};

/** One record as an item: a leg, which makes its call when it is the first of it. `locator`: of the record while it can't be read. */
export const legItem = (
  cdr: Cdr,
  keys: Keys,
  { numbers, raw, locator }: { numbers: Numbers; raw: Raw; locator?: string },
): Captured => {
  const parties = partiesOf(cdr, numbers);
  const leg = shownLeg(cdr, keys.leg, parties);
  const externalId = cdr.call ?? cdr.id;
  const details: Told = { leg };
  return {
    sourceKey: keys.leg,
    kind: 'interaction',
    belongsTo: keys.call,
    ...(externalId === undefined ? {} : { belongsToExternalId: externalId }),
    orElse: 'create',
    ...(cdr.id === undefined ? {} : { externalId: cdr.id }),
    channel: CHANNEL,
    occurredAt: cdr.startedAt,
    threadKeys: [],
    parts: [],
    raw,
    ...(locator === undefined ? {} : { quarantinedAs: [locator] }),
    details,
    ...parties,
  };
};

export interface RecordingFile {
  part: Part;
  sha256: string;
  durationSeconds?: number;
  channels?: number;
}

/** A file with the sound of a call. The same bytes are the same recording, whatever the file is called. */
export const recordingItem = (
  leg: Pick<Captured, 'direction' | 'occurredAt' | 'belongsTo'>,
  { part, sha256, durationSeconds, channels }: RecordingFile,
): Captured => {
  const { direction, occurredAt, belongsTo = '' } = leg;
  const externalId = part.name ?? sha256;
  const told: Told = {
    recording: {
      externalId,
      sha256,
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
      ...(channels === undefined ? {} : { channels }),
    },
  };
  return {
    sourceKey: `recording/${belongsTo}/${sha256}`,
    kind: 'recording',
    belongsTo,
    channel: CHANNEL,
    direction,
    occurredAt,
    participants: [],
    threadKeys: [],
    parts: [part],
    quarantinedAs: [`file/${sha256}`],
    details: told,
  };
};

const byStart = (details: CallDetails): CallDetails => {
  const at = ({ startedAt = '' }: Leg) => startedAt;
  const legs = [...details.call.legs].sort((a, b) => (at(a) < at(b) ? -1 : Number(at(a) > at(b))));
  return { ...details, call: { ...details.call, legs } };
};

/** Of a call among us and with somebody outside, the latter says what it is. */
const wholeDirection = ({ call }: CallDetails): string =>
  call.legs.find(({ direction }) => direction !== 'internal')?.direction ?? 'internal';

/** Two files of one name are two recordings: the second is known by its bytes. */
const asRecording = (details: CallDetails, { sha256, ...told }: NonNullable<Told['recording']>, part: number) => {
  const isTaken = details.recordings.some(one => one.externalId === told.externalId && one.part !== null);
  return { ...told, part, externalId: isTaken && sha256 ? sha256 : told.externalId };
};

const grown = (details: CallDetails, { leg, recording }: Told, part: number): CallDetails => {
  if (leg) return byStart(withLeg(details, leg));
  if (recording) return withRecording(details, asRecording(details, recording, part));
  return details;
};

/** A leg that makes its call has its own details there first. */
const isCall = (details: unknown): details is CallDetails => Array.isArray((details as CallDetails | null)?.call?.legs);

/** When the call began: its first leg, whichever was told of first. */
const beginning = ({ call }: CallDetails): Pick<Folded, 'occurredAt'> => {
  const [first] = call.legs.flatMap(({ startedAt }) => startedAt ?? []);
  return first === undefined ? {} : { occurredAt: new Date(first) };
};

/** What a leg or a recording makes of its call. */
export const fold = (details: unknown, item: FoldedItem, part: number): Folded => {
  const next = grown(isCall(details) ? details : emptyCall(), (item.details ?? {}) as Told, part);
  if (next.call.legs.length === 0) return { details: next };
  return { details: next, summary: callSummary(next, wholeDirection(next), LOGGED), ...beginning(next) };
};
